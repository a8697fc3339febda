// Run by browsers alone that know no modules: Internet Explorer, and others in its mode.
var told = document.createElement("p");
told.className = "ended";
told.appendChild(document.createTextNode("这个浏览器太旧，页面不会自己更新。请换 Edge、Chrome 或系统自带的浏览器；360、搜狗浏览器请切换到“极速模式”。"));
document.body.insertBefore(told, document.body.firstChild);

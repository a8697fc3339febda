"use strict";
// The page says every two seconds that it is open; when its window is closed, it says so, and the program ends.
(() => {
  const address = document.body.dataset.window;
  const newName = () => Math.random().toString(36).slice(2);
  let name = newName();
  const ended = document.querySelector(".ended");
  let missed = 0;
  const speak = async (more = "") => {
    try {
      const answer = await fetch(`${address}?name=${name}${more}`, { method: "POST", keepalive: true });
      missed = answer.ok ? 0 : 3;
    } catch {
      missed += 1;
    }
    ended.hidden = missed < 3;
  };
  speak();
  setInterval(() => speak(), 2000);
  addEventListener("pagehide", () => navigator.sendBeacon(`${address}?name=${name}&closed=1`));
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      name = newName();
      speak();
    }
  });
  addEventListener("beforeprint", () => navigator.sendBeacon(`${address}?name=${name}&prints=1`));
  addEventListener("afterprint", () => speak());

  const tell = (form, words) => {
    const said = document.createElement("p");
    said.className = "problem";
    said.textContent = words;
    form.nextElementSibling.replaceChildren(said);
  };

  // Dropped files go into the field of the form, with the times that they have on this machine.
  const withTimes = (form, files) => {
    form.querySelectorAll("input[name=modified]").forEach((field) => field.remove());
    for (const file of files) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "modified";
      field.value = String(file.lastModified);
      form.append(field);
    }
    const size = [...files].reduce((sum, file) => sum + file.size, 0);
    if (size > Number(form.dataset.most)) {
      tell(form, "文件太大，没有收下。请分几次拖，或请对方压缩图片后重发。");
    } else {
      form.requestSubmit();
    }
  };
  // A letter is pasted into a mail or a chat: it is copied, or where the browser does not let us, selected.
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = document.getElementById(button.dataset.copy);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(words.textContent);
        button.nextElementSibling.textContent = "已复制，可以粘贴。";
      } catch {
        getSelection().selectAllChildren(words);
        button.nextElementSibling.textContent = "已选中，请按 Ctrl+C 复制。";
      }
    });
  }
  for (const form of document.querySelectorAll("[data-drop]")) {
    const field = form.querySelector("input[type=file]");
    form.classList.add("ready");
    field.addEventListener("change", () => field.files.length && withTimes(form, field.files));
    form.addEventListener("htmx:sendError", () => tell(form, "没有收下：文件在传的时候被移走、改动了，或程序已经结束。请再拖一次。"));
    form.addEventListener("htmx:afterRequest", (event) => event.detail.elt === form && form.reset());
    form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("over");
      if (event.dataTransfer.files.length) {
        field.files = event.dataTransfer.files;
        withTimes(form, field.files);
      }
    });
  }
  // A file that misses the zone must not replace the page.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());
})();

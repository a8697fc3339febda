// Turns the pages: by itself, by key, by click. Without it all pages stand one below the other.
"use strict";
(function () {
  const pages = Array.from(document.querySelectorAll(".page"));
  const links = Array.from(document.querySelectorAll("footer a"));
  const where = document.getElementById("where");
  const pause = document.getElementById("pause");
  const least = 5;
  let seconds = Number(document.body.dataset.seconds);
  let at = 0;
  let left = seconds;
  let paused = false;

  function tell() {
    const turning = paused ? "已暂停" : left + "秒后翻页";
    where.textContent = "第" + (at + 1) + "页，共" + pages.length + "页　" + turning;
    pause.textContent = paused ? "继续" : "暂停";
  }

  function show(n) {
    at = (n + pages.length) % pages.length;
    left = seconds;
    pages.forEach((page, i) => page.classList.toggle("shown", i === at));
    const part = pages[at].dataset.part;
    links.forEach((link) => {
      const here = link.dataset.part === part;
      link.classList.toggle("here", here);
      if (here) { link.setAttribute("aria-current", "page"); } else { link.removeAttribute("aria-current"); }
    });
    history.replaceState(null, "", "#" + pages[at].id);
    document.title = pages[at].dataset.title;
    tell();
  }

  function stop(yes) {
    paused = yes;
    left = seconds;
    tell();
  }

  function pace(more) {
    seconds = Math.max(least, seconds + more);
    stop(false);
  }

  function wholeScreen() {
    if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen(); }
  }

  const keys = {
    ArrowRight: () => show(at + 1), PageDown: () => show(at + 1), Enter: () => show(at + 1),
    ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1), Backspace: () => show(at - 1),
    Home: () => show(0), End: () => show(pages.length - 1),
    " ": () => stop(!paused), f: wholeScreen, F: wholeScreen,
    ArrowUp: () => pace(5), ArrowDown: () => pace(-5),
  };

  document.addEventListener("keydown", (event) => {
    const on = event.target.tagName === "BUTTON" || event.target.tagName === "A";
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in keys)) { return; }
    if (on && (event.key === "Enter" || event.key === " ")) { return; }
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById("back").addEventListener("click", () => show(at - 1));
  document.getElementById("next").addEventListener("click", () => show(at + 1));
  document.getElementById("whole").addEventListener("click", wholeScreen);
  pause.addEventListener("click", () => stop(!paused));
  links.forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    show(pages.findIndex((page) => page.dataset.part === link.dataset.part));
  }));
  window.addEventListener("hashchange", () => {
    const n = pages.findIndex((page) => "#" + page.id === location.hash);
    if (n >= 0 && n !== at) { show(n); }
  });

  let resting = 0;
  function awake() {
    document.body.classList.remove("idle");
    clearTimeout(resting);
    resting = setTimeout(() => document.body.classList.add("idle"), 3000);
  }
  document.addEventListener("mousemove", awake);

  setInterval(() => {
    if (paused || document.hidden) { return; }
    left -= 1;
    if (left <= 0) { show(at + 1); } else { tell(); }
  }, 1000);

  document.body.classList.add("turning");
  awake();
  show(Math.max(0, pages.findIndex((page) => "#" + page.id === location.hash)));
})();

"use strict";
// The page says every two seconds that it is open; when its window is closed, it says so, and the program ends.
(() => {
  const address = document.body.dataset.window;
  const name = Math.random().toString(36).slice(2);
  const say = (closed) => navigator.sendBeacon(`${address}?name=${name}${closed ? "&closed=1" : ""}`);
  say(false);
  setInterval(() => say(false), 2000);
  addEventListener("pagehide", () => say(true));
  addEventListener("pageshow", () => say(false));

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
    form.requestSubmit();
  };
  for (const form of document.querySelectorAll("[data-drop]")) {
    const field = form.querySelector("input[type=file]");
    form.classList.add("ready");
    field.addEventListener("change", () => field.files.length && withTimes(form, field.files));
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

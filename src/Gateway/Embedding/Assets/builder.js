// Keeps the builder live. The server renders everything, with and without this script. The script fetches the page for the
// form and copies what changed.
const form = document.getElementById("builder");
let timer;
let latest = 0;

function address() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const usual = { format: "png", count: "page", of: "page", style: "text" }[name];
    if (value !== "" && value !== usual) {
      query.append(name, value);
    }
  }
  const own = form.getAttribute("action");
  return query.size > 0 ? `${own}?${query}` : own;
}

async function update() {
  const mine = ++latest;
  const url = address();
  let text;
  try {
    text = await (await fetch(url)).text();
  } catch {
    return; // The server does not answer. The page stays as it is.
  }
  if (mine !== latest) {
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const here = document.getElementById(fresh.id);
    if (fresh.tagName === "IMG") {
      here.alt = fresh.alt;
      if (look(here) !== look(fresh)) {
        here.srcset = fresh.srcset;
        here.src = fresh.getAttribute("src");
      }
    } else if (fresh.tagName === "TEXTAREA") {
      here.value = fresh.value;
      grow(here);
    } else {
      here.textContent = fresh.textContent;
      document.getElementById(fresh.id.replace("e-", "f-"))?.setAttribute("aria-invalid", fresh.textContent !== "");
    }
  }
  for (const fresh of page.querySelectorAll("#builder input[placeholder]")) {
    document.getElementById(fresh.id).placeholder = fresh.placeholder;
  }
  history.replaceState(null, "", url);
}

// Every answer has another visit. Only another style needs a new stream.
function look(image) {
  return `${image.getAttribute("src")} ${image.srcset}`.replace(/&visit=\w+/g, "");
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(update, 250);
});
form.addEventListener("submit", event => {
  event.preventDefault();
  update();
});
form.querySelector(".submit").hidden = true;

for (const button of document.querySelectorAll("[data-copy]")) {
  const area = document.getElementById(button.dataset.copy);
  grow(area);
  area.addEventListener("focus", () => area.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      // The clipboard is not allowed outside HTTPS and localhost.
      area.select();
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}
addEventListener("resize", () => document.querySelectorAll(".snippet textarea").forEach(grow));

// Over HTTP/1.1 a browser opens six connections to a host, in all tabs together. A hidden tab keeps the connection that
// counts its reader, and frees the preview's for other tabs.
const previews = [...document.querySelectorAll("[data-stream]")];
let lent = [];
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    lent = previews.map(image => [image.getAttribute("src"), image.srcset]);
    for (const image of previews) {
      image.removeAttribute("srcset");
      image.removeAttribute("src");
    }
  } else {
    lent.forEach(([src, srcset], i) => Object.assign(previews[i], { srcset, src }));
    lent = [];
  }
});

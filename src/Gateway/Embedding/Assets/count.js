// Puts the live picture of this page behind the script. Every data-* attribute is a parameter of the picture, but "format" and "alt".
{
  const script = document.currentScript;
  const { format = "png", alt = "Users online", ...look } = script.dataset;
  const { origin, pathname, search } = location;
  const address = new URL(`online.${format}`, script.src);
  address.search = new URLSearchParams({ page: origin + pathname + search, ...look });
  const image = new Image();
  let again = 0;
  // With "again" it is no other arrival.
  const open = () => {
    image.srcset = `${address}${again ? `&again=${again}` : ""} ${look.scale || 1}x`;
    again++;
  };
  image.alt = alt;
  open();
  script.after(image);
  // A page in the back/forward cache is a page that nobody looks at.
  addEventListener("pagehide", () => image.removeAttribute("srcset"));
  addEventListener("pageshow", event => event.persisted && open());
}

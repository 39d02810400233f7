// Print: the map fills its frame on the paper chosen, A4 or A3 landscape.
for (const input of document.querySelectorAll('input[name="paper"]')) {
  input.addEventListener("change", () => { document.documentElement.dataset.paper = input.value; });
}
$("print").addEventListener("click", () => window.print());
window.addEventListener("beforeprint", () => {
  map.closePopup();
  document.body.classList.add("printing");
  map.invalidateSize({ animate: false });
  if (view.unit < 0) home();
  cut();
});
window.addEventListener("afterprint", () => {
  document.body.classList.remove("printing");
  map.invalidateSize({ animate: false });
  if (view.unit < 0) home();
  cut();
});

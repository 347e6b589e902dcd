/* A finding that is chosen in the list is shown on the map. */
function findings(map) {
  function show(item) {
    const place = [Number(item.dataset.lat), Number(item.dataset.lon)];
    map.setView(place, Math.max(map.getZoom(), 13), { animate: false });
  }
  document.querySelectorAll(".check li[data-lat]").forEach(function (item) {
    item.addEventListener("click", function () { show(item); });
    item.addEventListener("keydown", function (event) { if (event.key === "Enter") { show(item); } });
  });
}

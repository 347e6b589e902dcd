/* Draws the stretches and the cases; what is chosen in the list is shown on the map. Texts stay texts. */
function risks(map, data) {
  function lines(texts) {
    var box = document.createElement("div");
    texts.forEach(function (text, index) {
      var line = document.createElement(index ? "div" : "b");
      line.textContent = text;
      box.appendChild(line);
    });
    return box;
  }
  function facts(item) {
    var box = lines([item.head]), list = document.createElement("dl");
    item.facts.forEach(function (fact) {
      ["dt", "dd"].forEach(function (name, index) {
        var cell = document.createElement(name);
        cell.textContent = fact[index];
        list.appendChild(cell);
      });
    });
    box.appendChild(list);
    return box;
  }
  var stretches = data.stretches.map(function (each) {
    var width = each.weight ? Math.min(4 + each.weight, 11) : 3;
    return L.geoJSON(each.shape, {
      style: { color: each.ink, weight: width, opacity: 0.85, lineCap: "butt" },
      smoothFactor: 0
    }).bindTooltip(lines(each.told), { sticky: true });
  });
  stretches.slice().reverse().forEach(function (layer) { layer.addTo(map); });
  var markers = {};
  data.cases.forEach(function (each) {
    markers[each.number] = L.circleMarker(each.at, {
      radius: 6, color: each.overdue ? "#1d1a22" : "#ffffff", weight: each.overdue ? 3 : 1.5,
      fillColor: each.ink, fillOpacity: 0.95, className: "case"
    }).bindPopup(facts(each), { maxWidth: 320 }).addTo(map);
  });
  var shown = L.featureGroup(stretches.concat(Object.keys(markers).map(function (key) { return markers[key]; })));
  function whole() {
    if (shown.getLayers().length) { map.fitBounds(shown.getBounds(), { padding: [24, 24], animate: false, maxZoom: 15 }); }
  }
  function chosen(selector, show) {
    document.querySelectorAll(selector).forEach(function (item) {
      item.addEventListener("click", function () { show(item); });
      item.addEventListener("keydown", function (event) { if (event.key === "Enter") { show(item); } });
    });
  }
  chosen("[data-stretch]", function (item) {
    map.fitBounds(stretches[Number(item.dataset.stretch)].getBounds(), { padding: [30, 30], maxZoom: 15 });
  });
  chosen("[data-case]", function (item) {
    var marker = markers[item.dataset.case];
    map.setView(marker.getLatLng(), Math.max(map.getZoom(), 12), { animate: false });
    marker.openPopup();
  });
  function printing(is) {  /* the map takes its size on paper before the paper is laid out */
    map.closePopup();
    document.body.classList.toggle("printing", is);
    map.invalidateSize({ animate: false });
    whole();
  }
  window.addEventListener("beforeprint", function () { printing(true); });
  window.addEventListener("afterprint", function () { printing(false); });
  whole();
}

// The date switch: one of two dates, a cross-fade between them, or a curtain; rows of the list lead to lines.
function sheetMap(map, corners, twoDates) {
  "use strict";
  const panes = (key) => [map.getPane(key), map.getPane(key + "-names")];
  const narrow = window.matchMedia("(max-width: 760px)").matches;
  const side = document.querySelector(".side");
  const padding = narrow
    ? { paddingTopLeft: [14, 90], paddingBottomRight: [14, 260] }
    : { paddingTopLeft: [40, 90], paddingBottomRight: [380, 130] };

  L.control.zoom({ position: "topleft", zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  L.control.scale({ position: narrow ? "topleft" : "bottomleft", imperial: false, maxWidth: 160 }).addTo(map);
  map.fitBounds(corners, { ...padding, animate: false });
  map.setMinZoom(map.getZoom() - 2);
  if (narrow) {
    side.querySelectorAll("details").forEach((part) => { part.open = false; });
  }

  document.querySelectorAll(".lines tbody tr").forEach((row) => {
    const show = () => {
      const found = [];
      map.eachLayer((layer) => {
        const own = layer.feature && layer.feature.properties;
        if (own && own.length && own.code === row.dataset.code) { found.push(layer); }
      });
      if (!found.length) { return; }
      if (twoDates) { choose(found[0].options.pane === "before" ? "before" : "after"); }
      map.flyToBounds(L.featureGroup(found).getBounds().pad(0.35), padding);
      found.forEach((layer) => {
        const path = layer.getElement();
        path.classList.remove("flash");
        void path.getBoundingClientRect();
        path.classList.add("flash");
      });
    };
    row.addEventListener("click", show);
    row.addEventListener("keydown", (event) => { if (event.key === "Enter") { show(); } });
  });
  if (!twoDates) { return; }

  const fade = document.getElementById("fade");
  const curtain = document.getElementById("curtain");
  const radios = Array.from(document.querySelectorAll("input[name=moment]"));
  let share = 0.5;
  let running = 0;

  function opacity(percent) {
    panes("after").forEach((pane) => {
      pane.style.opacity = percent / 100;
      pane.style.display = percent > 0 ? "" : "none";
    });
    panes("before").forEach((pane) => { pane.style.display = percent < 100 ? "" : "none"; });
    panes("before")[1].style.opacity = 1 - percent / 100;
    fade.value = percent;
  }

  function glideTo(percent) {
    cancelAnimationFrame(running);
    const from = Number(fade.value);
    const begin = performance.now();
    const step = (now) => {
      const part = Math.min((now - begin) / 350, 1);
      opacity(from + (percent - from) * part);
      if (part < 1) { running = requestAnimationFrame(step); }
    };
    running = requestAnimationFrame(step);
  }

  function clip() {
    const drawn = !curtain.hidden;
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const far = map.containerPointToLayerPoint(size);
    const middle = corner.x + size.x * share;
    const rect = (left, right) => `rect(${corner.y}px, ${right}px, ${far.y}px, ${left}px)`;
    panes("before").forEach((pane) => { pane.style.clip = drawn ? rect(corner.x, middle) : ""; });
    panes("after").forEach((pane) => { pane.style.clip = drawn ? rect(middle, far.x) : ""; });
    curtain.style.left = `${share * 100}%`;
    curtain.setAttribute("aria-valuenow", Math.round(share * 100));
  }

  function choose(moment) {
    radios.forEach((radio) => { radio.checked = radio.value === moment; });
    curtain.hidden = moment !== "curtain";
    fade.disabled = moment === "curtain";
    if (moment === "curtain") {
      cancelAnimationFrame(running);
      opacity(100);
      panes("before").forEach((pane) => { pane.style.display = ""; pane.style.opacity = 1; });
    } else {
      glideTo(moment === "after" ? 100 : 0);
    }
    clip();
  }

  function slide(to) {
    share = Math.min(Math.max(to, 0.03), 0.97);
    clip();
  }

  radios.forEach((radio) => radio.addEventListener("change", () => choose(radio.value)));
  fade.addEventListener("input", () => {
    const percent = Number(fade.value);
    cancelAnimationFrame(running);
    opacity(percent);
    radios.forEach((radio) => { radio.checked = radio.value === (percent >= 50 ? "after" : "before"); });
  });
  curtain.addEventListener("pointerdown", (event) => {
    curtain.setPointerCapture(event.pointerId);
    const box = map.getContainer().getBoundingClientRect();
    const move = (moved) => slide((moved.clientX - box.left) / box.width);
    curtain.addEventListener("pointermove", move);
    curtain.addEventListener("pointerup", () => curtain.removeEventListener("pointermove", move), { once: true });
  });
  curtain.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") { slide(share - 0.03); }
    if (event.key === "ArrowRight") { slide(share + 0.03); }
  });
  map.on("move zoomend resize viewreset", clip);
  opacity(100);
}

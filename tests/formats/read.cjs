// Reads a BCF 2.1 file by an independent reader of npm and holds what it read against what is expected. By hand:
//
//   npm install --ignore-scripts --prefix DIR @parametricos/bcf-js
//   NODE_PATH=DIR/node_modules node tests/formats/read.cjs FILE.bcf TOPICS GUID...
//
// TOPICS is how many there are; each GUID is one of a component that some viewpoint selects. Ends with 77 where the reader is
// not installed. Its reader of BCF 3.0 takes colours as 2.1 writes them and stops at any coloured file that the XSD of 3.0
// allows: 3.0 is left to the reader of PyPI.
'use strict';
let reader;
try {
  reader = require('@parametricos/bcf-js/dist/2.1').BcfReader;
} catch (missing) {
  console.log(String(missing.message).split('\n')[0]);
  process.exit(77);
}
const fs = require('fs');

async function main() {
  const [file, topics, ...guids] = process.argv.slice(2);
  const read = new reader();
  await read.read(fs.readFileSync(file));
  const markups = read.project ? read.project.markups : read.markups;
  const faults = [];
  if (markups.length !== Number(topics)) faults.push(`${markups.length} topics are read of ${topics}`);
  const selected = new Set();
  for (const markup of markups) {
    const { guid, title, creation_date: made } = markup.topic;
    if (!guid || !title || Number.isNaN(Date.parse(made))) faults.push(`topic ${guid} has no title or date`);
    if (!markup.viewpoints || !markup.viewpoints.length) faults.push(`topic ${guid} has no viewpoint`);
    for (const view of markup.viewpoints || []) {
      const camera = view.perspective_camera || view.orthogonal_camera;
      const numbers = camera && Object.values(camera.camera_view_point);
      if (!numbers || numbers.length !== 3 || !numbers.every(Number.isFinite)) faults.push(`topic ${guid}: no camera`);
      const parts = view.components || {};
      for (const one of parts.selection || []) selected.add(one.ifc_guid);
      for (const colour of parts.coloring || []) for (const one of colour.components) selected.add(one.ifc_guid);
    }
    const entry = read.getEntry(`${guid}/${markup.viewpoints?.[0]?.snapshot}`);
    const bytes = entry && Buffer.from(await entry.arrayBuffer());
    if (!bytes || bytes.readUInt32BE(0) !== 0x89504e47) faults.push(`topic ${guid}: its picture is not read`);
  }
  for (const guid of guids) if (!selected.has(guid)) faults.push(`component ${guid} is not read`);
  console.log(`${markups.length} topics, ${selected.size} components`);
  faults.slice(0, 20).forEach((f) => console.log(f));
  process.exit(faults.length ? 1 : 0);
}
main().catch((fault) => { console.log(fault.stack || fault); process.exit(1); });

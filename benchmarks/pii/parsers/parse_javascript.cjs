// Parses JavaScript files as scripts, else as modules; see the package's docstring. Needs --experimental-vm-modules.
"use strict";

const fs = require("node:fs");
const vm = require("node:vm");

const TREE = "-"; // The engine shows no syntax tree.

// Only errors of scripts tell their line.
function errorLine(error) {
  const found = /^script:(\d+)\n/.exec(String(error.stack));
  return found === null ? 1 : Number(found[1]);
}

function parse(path) {
  const source = fs.readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  try {
    new vm.Script(source, { filename: "script" });
    return 0;
  } catch (asScript) {
    try {
      new vm.SourceTextModule(source, { identifier: "module" });
      return 0;
    } catch {
      return errorLine(asScript);
    }
  }
}

for (const path of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  console.log(parse(path), TREE);
}

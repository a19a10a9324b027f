#!/usr/bin/env node
// Makes the bundled sample: six classes of up to 60 pictures of 64 x 64 pixels from the npm package
// emoji-datasource-google (Noto emoji, Apache-2.0), chosen by the package's own sub-categories.
//
//   node cli/select-sample.mjs            writes sample/train/LABEL/*.png and sample/test/LABEL/*.png
//
// The choice is a function of the package alone: of a class in the package's order, without skin-tone variants and
// without pictures that were seen before (some flags look the same), 60 evenly spaced ones; three of ten go into the
// test part. Needs node, npm and tar.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "emoji-datasource-google@16.0.0";
const IMAGES_A_CLASS = 60;
const TEST_POSITIONS = new Set([2, 6, 9]);
const CLASSES = {
  animal: /^animal-/,
  clothing: /^clothing$/,
  face: /^face-/,
  flag: /^country-flag$/,
  food: /^food-/,
  transport: /^transport-(ground|air|water)$/,
};

const scratch = mkdtempSync(join(tmpdir(), "graft-sample-"));
try {
  const archive = execFileSync("npm", ["pack", "--silent", PACKAGE], { cwd: scratch, encoding: "utf8" }).trim();
  execFileSync("tar", ["xzf", archive, "package/emoji.json", "package/img/google/64"], { cwd: scratch });
  select(join(scratch, "package"), join(dirname(fileURLToPath(import.meta.url)), "..", "sample"));
} finally {
  rmSync(scratch, { recursive: true });
}

function select(source, sample) {
  const emoji = JSON.parse(readFileSync(join(source, "emoji.json"), "utf8"))
    .filter((one) => one.has_img_google)
    .sort((a, b) => a.sort_order - b.sort_order);
  rmSync(sample, { recursive: true, force: true });
  const seen = new Set();
  for (const [label, subcategory] of Object.entries(CLASSES)) {
    const images = emoji
      .filter((one) => subcategory.test(one.subcategory))
      .map((one) => join(source, "img", "google", "64", one.image))
      .filter((image) => isNew(image, seen));
    const chosen = evenlySpaced(images, IMAGES_A_CLASS);
    chosen.forEach((image, position) => {
      const part = TEST_POSITIONS.has(position % 10) ? "test" : "train";
      const folder = join(sample, part, label);
      mkdirSync(folder, { recursive: true });
      cpSync(image, join(folder, image.slice(image.lastIndexOf("/") + 1)));
    });
    console.log(`${label}: ${chosen.length} of ${images.length}`);
  }
}

function isNew(image, seen) {
  const digest = createHash("sha256").update(readFileSync(image)).digest("hex");
  return !seen.has(digest) && seen.add(digest);
}

function evenlySpaced(all, count) {
  return all.length <= count
    ? all
    : Array.from({ length: count }, (_, position) => all[Math.floor((position * all.length) / count)]);
}

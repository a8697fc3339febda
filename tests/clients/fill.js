// Fills a form in as a portal would: opens it, writes cells by sheet and address, saves it.
//
// Reads one order as JSON from standard input: `client` ("exceljs" or "sheetjs"), `open`, `cells` (sheet, address,
// value: a number, a text, or {date: "2026-11-24"}), `look_at` (the sheet that a .csv gets), `save`. The ending of
// `save` says the format.

const fs = require("fs");
const path = require("path");

const order = JSON.parse(fs.readFileSync(0, "utf8"));
const ending = path.extname(order.save).slice(1);
const meant = (value) => (value.date ? new Date(`${value.date}T00:00:00Z`) : value);

async function exceljs() {
  const ExcelJS = require("exceljs");
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(order.open);
  for (const [sheet, address, value] of order.cells) {
    book.getWorksheet(sheet).getCell(address).value = meant(value);
  }
  if (ending === "csv") {
    await book.csv.writeFile(order.save, { sheetName: order.look_at });
  } else {
    await book.xlsx.writeFile(order.save);
  }
}

function sheetjs() {
  const XLSX = require("xlsx");
  const book = XLSX.readFile(order.open, { cellStyles: true, cellNF: true });
  for (const [sheet, address, value] of order.cells) {
    XLSX.utils.sheet_add_aoa(book.Sheets[sheet], [[meant(value)]], { origin: address });
  }
  const options = ending === "csv" ? { sheet: order.look_at } : {};
  XLSX.writeFile(book, order.save, options);
}

Promise.resolve({ exceljs, sheetjs }[order.client]()).catch((fault) => {
  console.error(fault);
  process.exit(1);
});

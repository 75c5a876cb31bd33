/** Files of the workspace that the requests of the evaluation are about, by path. */
export const FILES: Readonly<Record<string, string>> = {
  "sales.csv": [
    "date,region,product,amount",
    "2026-01-03,North,Pen,10.5",
    `2026-01-04,South,"Paper, A4",20`,
    "2026-01-05,North,Ink,5.25",
    "2026-01-06,East,Pen,7",
    "2026-01-07,South,Pen,2.5",
    "",
  ].join("\n"),
  "notes.md": [
    "- Monday 10:00 dentist",
    "- finish report by Thursday",
    "- call Peter about the boat",
    "- team meeting Wednesday 14:00",
    "- buy paint before the report",
    "",
  ].join("\n"),
  "notes2.md": "- Tuesday swim\n- Friday cinema\n",
  "notes3.md": "- Saturday market\n",
  "people.json": JSON.stringify([
    { name: "Ada", age: 36, city: "London" },
    { name: "Bob", age: 41, city: "Paris, France" },
    { name: "Cleo", age: 29, city: "Rome" },
  ]),
  "letter.txt": "Dear {{name}},\nyou owe {{amount}} until {{due}}.\n",
  "inbox/IMG_0001.txt": "one",
  "inbox/IMG_0002.txt": "two",
  "inbox/IMG_0003.txt": "three",
};

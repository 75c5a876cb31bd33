import type { Clam, ClamManifest } from "../../domain/clam.ts";
import age from "./age/run.js" with { type: "text" };
import appendFile from "./append_file/run.js" with { type: "text" };
import base64 from "./base64/run.js" with { type: "text" };
import calculate from "./calculate/run.js" with { type: "text" };
import changeCase from "./change_case/run.js" with { type: "text" };
import choose from "./choose/run.js" with { type: "text" };
import convertTime from "./convert_time/run.js" with { type: "text" };
import convertUnits from "./convert_units/run.js" with { type: "text" };
import countdown from "./countdown/run.js" with { type: "text" };
import csvSums from "./csv_sums/run.js" with { type: "text" };
import dateAdd from "./date_add/run.js" with { type: "text" };
import daysBetween from "./days_between/run.js" with { type: "text" };
import dice from "./dice/run.js" with { type: "text" };
import diskUsage from "./disk_usage/run.js" with { type: "text" };
import findFiles from "./find_files/run.js" with { type: "text" };
import forget from "./forget/run.js" with { type: "text" };
import jsonFormat from "./json_format/run.js" with { type: "text" };
import listFiles from "./list_files/run.js" with { type: "text" };
import noteAdd from "./note_add/run.js" with { type: "text" };
import notesShow from "./notes_show/run.js" with { type: "text" };
import numberBase from "./number_base/run.js" with { type: "text" };
import pageStatus from "./page_status/run.js" with { type: "text" };
import pageTitle from "./page_title/run.js" with { type: "text" };
import password from "./password/run.js" with { type: "text" };
import percent from "./percent/run.js" with { type: "text" };
import randomNumber from "./random_number/run.js" with { type: "text" };
import readFile from "./read_file/run.js" with { type: "text" };
import recall from "./recall/run.js" with { type: "text" };
import remember from "./remember/run.js" with { type: "text" };
import remind from "./remind/run.js" with { type: "text" };
import remindEvery from "./remind_every/run.js" with { type: "text" };
import reminderCancel from "./reminder_cancel/run.js" with { type: "text" };
import reminders from "./reminders/run.js" with { type: "text" };
import roman from "./roman/run.js" with { type: "text" };
import searchFiles from "./search_files/run.js" with { type: "text" };
import sha256 from "./sha256/run.js" with { type: "text" };
import splitBill from "./split_bill/run.js" with { type: "text" };
import textStats from "./text_stats/run.js" with { type: "text" };
import timeIn from "./time_in/run.js" with { type: "text" };
import today from "./today/run.js" with { type: "text" };
import todoAdd from "./todo_add/run.js" with { type: "text" };
import todoDone from "./todo_done/run.js" with { type: "text" };
import todoShow from "./todo_show/run.js" with { type: "text" };
import uuid from "./uuid/run.js" with { type: "text" };
import weekday from "./weekday/run.js" with { type: "text" };
import wordCount from "./word_count/run.js" with { type: "text" };
import writeFile from "./write_file/run.js" with { type: "text" };
import manifests from "./manifests.json" with { type: "json" };

const SCRIPTS: Readonly<Record<keyof typeof manifests, string>> = {
  age,
  append_file: appendFile,
  base64,
  calculate,
  change_case: changeCase,
  choose,
  convert_time: convertTime,
  convert_units: convertUnits,
  countdown,
  csv_sums: csvSums,
  date_add: dateAdd,
  days_between: daysBetween,
  dice,
  disk_usage: diskUsage,
  find_files: findFiles,
  forget,
  json_format: jsonFormat,
  list_files: listFiles,
  note_add: noteAdd,
  notes_show: notesShow,
  number_base: numberBase,
  page_status: pageStatus,
  page_title: pageTitle,
  password,
  percent,
  random_number: randomNumber,
  read_file: readFile,
  recall,
  remember,
  remind,
  remind_every: remindEvery,
  reminder_cancel: reminderCancel,
  reminders,
  roman,
  search_files: searchFiles,
  sha256,
  split_bill: splitBill,
  text_stats: textStats,
  time_in: timeIn,
  today,
  todo_add: todoAdd,
  todo_done: todoDone,
  todo_show: todoShow,
  uuid,
  weekday,
  word_count: wordCount,
  write_file: writeFile,
};

/**
 * The clams that come with the program. They are ordinary clams: same format, sandbox and gate, no
 * standing grant. Manifests and hashes are pinned by scripts/pin_starters.ts.
 */
export const STARTERS: readonly Clam[] = Object.entries(SCRIPTS).map(([name, script]) => ({
  id: `starter-${name.replaceAll("_", "-")}` as Clam["id"],
  manifest: manifests[name as keyof typeof manifests] as unknown as ClamManifest,
  script,
}));

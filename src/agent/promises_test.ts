import assert from "node:assert/strict";
import { mayPromise } from "./promises.ts";
import { keepsWhatWasSaid, looksLikeJson } from "./rewording.ts";

const PROMISES = [
  "OK, I will remind you tomorrow at 9.",
  "I'll send Bob an email right away.",
  "I have sent the email to Bob.",
  "Done! The reminder has been scheduled.",
  "The file was deleted.",
  "Your alarm is now set for 7, and I have added it.",
  "Ich erinnere dich morgen um 9.",
  "Ich habe die E-Mail an Bob geschickt.",
  "Je vous rappellerai demain.",
  "J'ai envoyé le message.",
  "He enviado el correo.",
  "Ho inviato il messaggio.",
  "Vou lembrar você amanhã.",
  "Ik zal je morgen herinneren.",
  "Я напомню вам завтра.",
  "I have called Anna and said hello.",
  "I'll call Bob at nine.",
  "I just phoned the dentist.",
  "Ich habe Anna angerufen.",
  "J'ai appelé Anna.",
  "He llamado a Anna.",
];

for (const text of PROMISES) {
  Deno.test(`a promise is seen as one: ${text} (R5)`, () => assert.ok(mayPromise(text)));
}

const WORDS = [
  "Your dog is called Rex.",
  "It is called a sestina.",
  "Dein Hund heißt Rex.",
  "Air scatters blue light more than red light.",
  "I will keep Rex and the nuts in mind.",
  "Thanks, noted.",
  "Which files do you mean by old stuff?",
  "Paris is the capital of France.",
  "I cannot send mail: no tool here does that.",
  "I can't remind you: nothing here does that.",
  "Ich kann keine E-Mails schicken.",
];

for (const text of WORDS) {
  Deno.test(`plain words are no promise: ${text} (R5)`, () => assert.ok(!mayPromise(text)));
}

const REWORDED: readonly [own: string, reworded: string, isKept: boolean][] = [
  ["100 USD = 92.00 EUR", "ok", false],
  ["100 USD = 92.00 EUR", "100 US dollars are 92.00 euros.", true],
  ["Moved 3 files: photos/a.txt", "Moved 3 files.", false],
  ["The price is 91234.56.", "Der Preis beträgt 91.234,56.", true],
  ["The price is 91234.56.", "The price is about 91 thousand.", false],
  ["A long answer about whales and how they sleep.", "Whales.", false],
  [`{"a":1}`, "It is one: 1.", true],
  ["Two words", `{"reply":"Two words"}`, false],
];

for (const [own, reworded, isKept] of REWORDED) {
  Deno.test(`"${own}" may ${isKept ? "" : "not "}become "${reworded}" (R7)`, () => {
    assert.equal(keepsWhatWasSaid(own, reworded), isKept);
  });
}

Deno.test("data is told from words (R20)", () => {
  for (const text of [`{"a": 1}`, "[1, 2]", "```json\n{}\n```", `{"a": "cut`, "[{"]) {
    assert.ok(looksLikeJson(text), text);
  }
  for (const text of ["{curly} words", "[1] is a footnote.", "A list: [1, 2]", "{}a"]) {
    assert.ok(!looksLikeJson(text), text);
  }
});

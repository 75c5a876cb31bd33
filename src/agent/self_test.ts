import assert from "node:assert/strict";
import { speaksOfSelf } from "./self.ts";

const TELLING = [
  "my name is Ada",
  "I'm Ada, what time is it?",
  "I moved to Berlin last year",
  "Call me Jo",
  "we have two cats",
  "please always answer in German",
  "remember that Rex is the dog",
  "remind me that my sister Eva has her birthday on May 3",
  "Ich heiße Anna",
  "merk dir: Mülltonne ist dienstags",
  "Je m'appelle Luc et j'habite à Lyon",
  "vivo en Madrid",
  "me llamo Ana",
  "mi chiamo Ada, sono di Roma",
  "eu moro em Lisboa",
  "Меня зовут Ира",
  "я живу в Киеве",
  "мене звати Оля",
  "我叫安娜",
  "私はアンナです",
  "저는 안나입니다",
  "اسمي ليلى وأعيش في بيروت",
  "με λένε Άννα",
  "मेरा नाम अनु है",
  "ik woon in Gent",
];

const ASKING = [
  "price of BTC",
  "price of BTC in EUR",
  "what is my name?",
  "what time is it in Tokyo?",
  "list my files",
  "show me the weather in Rome",
  "tell me a joke",
  "how do I boil an egg?",
  "can you help me?",
  "find the largest file in my folder",
  "convert 5 km to miles",
  "calculate 2+2",
  "convert 5 mi to km",
  "what does the id field mean?",
  "timer for 10 min",
  "termine im Mai",
  "write to Ben",
  "summarise https://example.org/page",
  "Preis von BTC",
  "wie heiße ich?",
  "Zeig meine Notizen",
  "comment je m'appelle ?",
  "¿cómo me llamo?",
  "цена биткоина",
  "как меня зовут?",
  "比特币的价格",
  "我叫什么吗？",
  "私の名前は何ですか？",
  "東京の天気",
  "ok",
  "hi",
  "🎉 !!",
  "",
];

Deno.test("words about oneself can hold a fact, in many languages and in unknown scripts", () => {
  for (const text of TELLING) assert.equal(speaksOfSelf(text), true, text);
});

Deno.test("requests and questions hold none and cost no call", () => {
  for (const text of ASKING) assert.equal(speaksOfSelf(text), false, text);
});

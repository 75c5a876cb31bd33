import assert from "node:assert/strict";
import { needsConversation } from "./_conversation.ts";

for (
  const text of [
    "do it again",
    "Do it again!",
    "and tomorrow?",
    "And in Tokyo?",
    "what about Berlin?",
    "the same for Rome",
    "yes",
    "2",
    "again",
    "translate it to German",
    "send that to me",
    "delete them",
    "summarise this",
    "delete that file",
    "what time is it there?",
    "who is he",
    "the second one",
    "Berlin too",
    "do Berlin instead",
    "und morgen?",
    "mach das nochmal",
    "noch mal",
    "lösch das",
    "et demain ?",
    "encore une fois",
    "¿y mañana?",
    "hazlo otra vez",
    "e domani?",
    "di nuovo",
    "de novo",
    "а завтра?",
    "сделай это ещё раз",
    "удали это",
    "а в Токио?",
    "那明天呢？",
    "明天呢",
    "再来一次",
    "もう一度",
    "それを消して",
    "다시 해줘",
    "?",
  ]
) {
  Deno.test(`"${text}" needs the conversation and never matches by itself (A51)`, () => {
    assert.equal(needsConversation(text), true);
  });
}

for (
  const text of [
    "what time is it?",
    "what time is it in Tokyo",
    "is it raining in Paris",
    "what's the weather this week",
    "how many files are there",
    "calculate 2+2",
    "price of BTC",
    "find files that contain foo",
    "title of https://example.it/do/it/again",
    "title of example.it",
    'sha256 of "do it again"',
    "days between 2026-01-01 and 2026-12-24",
    "toss a coin",
    "list my notes",
    "wie spät ist es",
    "Wetter in Berlin",
    "quelle heure est-il à Paris",
    "qué hora es en Madrid",
    "который час в Москве",
    "东京现在几点",
    "東京の天気",
    "서울 날씨",
  ]
) {
  Deno.test(`"${text}" says all by itself`, () => {
    assert.equal(needsConversation(text), false);
  });
}

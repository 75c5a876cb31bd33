import assert from "node:assert/strict";
import { groupConversation, guestConversation, whoseConversation } from "./conversation.ts";

Deno.test("whose a conversation is follows from its name, also of ids with colons in them", () => {
  const guest = guestConversation("telegram", "7");
  assert.deepEqual(whoseConversation(guest), { kind: "guest", guest: "telegram:7" });
  assert.deepEqual(whoseConversation(groupConversation("telegram", "telegram:-5")), {
    kind: "group",
  });
  for (const name of ["telegram:7", "loopback:anna", "cli:guest:me", "cli:group:me", "cli:2"]) {
    assert.deepEqual(whoseConversation(name), { kind: "owner" }, name);
  }
  assert.notEqual(guest, guestConversation("loopback", "7"));
});

import assert from "node:assert/strict";
import { openAudit } from "../audit/audit.ts";
import type { CodedError } from "../domain/failure.ts";
import { createRandom } from "../platform/deno.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { NO_SECRETS } from "../../tests/fakes/plainly.ts";
import { openPeople } from "./people.ts";

const FILE = "/state/people.json";

function world(disk = new MemoryDisk()) {
  const clock = createFakeClock();
  const audit = openAudit(disk.openFiles("/audit"), clock);
  const people = openPeople({
    files: disk.openFiles("/state"),
    clock,
    random: createRandom(),
    audit,
    redactor: NO_SECRETS,
  });
  const audited = async () =>
    (await audit.read()).map(({ kind, id, role }) => [kind, id, role].filter(Boolean).join(" "));
  return { disk, clock, people, audited };
}

const refused = (code: CodedError["code"], message = /./) => (error: unknown) => {
  assert.equal((error as CodedError).code, code);
  assert.match((error as CodedError).message, message);
  return true;
};

const ANN = { channel: "telegram", id: "1", name: "Ann" };
const BEN = { channel: "telegram", id: "2", name: "Ben" };

Deno.test("who is admitted stays so over restarts, and each change is in the audit log", async () => {
  const { people, disk, audited } = world();
  await people.admit(ANN, "owner", "cli");
  await people.admit(BEN, "guest", "1");
  await people.admit(BEN, "owner", "cli");
  await people.remove("telegram", "1", "cli");
  const again = world(disk.restarted());
  const now = await again.people.list();
  assert.deepEqual(now.map(({ id, role, by, name }) => [id, role, by, name]), [
    ["2", "owner", "cli", "Ben"],
  ]);
  assert.equal((await again.people.find("telegram", "2"))?.role, "owner");
  assert.equal(await again.people.find("loopback", "2"), undefined);
  assert.deepEqual(await audited(), [
    "person_added 1 owner",
    "person_added 2 guest",
    "person_added 2 owner",
    "person_removed 1 owner",
  ]);
  await assert.rejects(people.remove("telegram", "9", "cli"), refused("person_not_found", /9/));
});

Deno.test("a change without its line in the audit log is not made", async () => {
  const { people, disk } = world(new MemoryDisk({ kind: "error", at: 1 }));
  await assert.rejects(people.admit(ANN, "owner", "cli"), refused("audit_failed"));
  assert.equal(disk.texts().has(FILE), false);
});

for (
  const [what, text] of [
    ["torn", '{"people": [{"chan'],
    ["empty", ""],
    ["of another form", "[]"],
    [
      "with a role that does not exist",
      JSON.stringify({
        people: [{ channel: "telegram", id: "1", role: "admin", since: 1, by: "cli" }],
        codes: [],
        moved: [],
      }),
    ],
    ["with a key that might mean something", '{"people":[],"codes":[],"moved":[],"blocked":[1]}'],
  ] as const
) {
  Deno.test(`a list of people that is ${what} admits nobody and stays as it is`, async () => {
    const { people, disk } = world();
    await disk.openFiles("/state").replace("people.json", text);
    const sentence = refused("people_damaged", /\/state\/people\.json/);
    await assert.rejects(people.find("telegram", "1"), sentence);
    await assert.rejects(people.list(), sentence);
    await assert.rejects(people.admit(ANN, "owner", "cli"), sentence);
    await assert.rejects(people.askFor(ANN), sentence);
    await assert.rejects(people.redeem(ANN, "AAAAAAAA"), sentence);
    await assert.rejects(people.moveChat("telegram", "1", "2"), sentence);
    assert.equal(disk.texts().get(FILE), text);
  });
}

Deno.test("the code that is listed as pending admits its person as a guest, once (P071)", async () => {
  const { people, audited } = world();
  const given = await people.askFor(BEN);
  assert.equal((await people.askFor(BEN))?.code, given?.code);
  const [listed] = await people.pending();
  assert.deepEqual([listed?.code, listed?.person?.id], [given?.code, "2"]);
  const typed = ` ${listed?.code.slice(0, 4).toLowerCase()}-${listed?.code.slice(4)}`;
  assert.equal((await people.approve("telegram", typed, "cli")).role, "guest");
  assert.equal((await people.find("telegram", "2"))?.name, "Ben");
  assert.deepEqual(await people.pending(), []);
  await assert.rejects(people.approve("telegram", typed, "cli"), refused("pairing_refused"));
  assert.deepEqual(await audited(), ["pairing_asked 2", "person_added 2 guest"]);
});

Deno.test("a code of one channel admits nobody on another", async () => {
  const { people } = world();
  const code = (await people.askFor(BEN))?.code ?? "";
  await assert.rejects(people.approve("loopback", code, "cli"), refused("pairing_refused"));
  assert.equal((await people.approve("telegram", code, "cli")).id, "2");
});

Deno.test("after five wrong codes, or ten minutes, the right one counts no more (P068)", async () => {
  const { people, clock, audited } = world();
  const first = (await people.askFor(BEN))?.code ?? "";
  for (let tries = 1; tries <= 6; tries++) {
    const sentence = tries < 5 ? /no open code/ : /Too many wrong codes/;
    await assert.rejects(
      people.approve("telegram", "WRONGONE", "cli"),
      refused("pairing_refused", sentence),
    );
  }
  assert.deepEqual(await people.pending(), []);
  await assert.rejects(people.approve("telegram", first, "cli"), refused("pairing_refused"));
  clock.advance(600_000);
  const second = (await people.askFor(BEN))?.code ?? "";
  assert.notEqual(second, first);
  clock.advance(599_999);
  assert.equal((await people.pending()).length, 1);
  clock.advance(1);
  await assert.rejects(people.approve("telegram", second, "cli"), refused("pairing_refused"));
  assert.deepEqual(await people.list(), []);
  const lines = await audited();
  assert.equal(lines.filter((line) => line === "pairing_refused").length, 5);
});

Deno.test("strangers who guess use up nobody's code, and become nobody (P070)", async () => {
  const { people } = world();
  const { code } = await people.inviteOwner("telegram");
  for (const sent of ["", "x", "connect", ...Array(8).fill("AAAAAAAA")]) {
    assert.equal(await people.redeem(BEN, sent), undefined);
  }
  assert.equal(await people.redeem(BEN, code), undefined, "five wrong ones close it to them");
  assert.deepEqual(await people.list(), []);
  assert.equal((await people.redeem(ANN, code))?.role, "owner");
  assert.equal(await people.redeem({ ...BEN, id: "3" }, code), undefined, "it counts once");
  assert.deepEqual((await people.list()).map(({ id, role }) => [id, role]), [["1", "owner"]]);
});

Deno.test("however many strangers guess, a code is closed to all of them at some point", async () => {
  const { people } = world();
  const { code } = await people.inviteOwner("telegram");
  for (let n = 0; n < 100; n++) {
    await people.redeem({ channel: "telegram", id: `${100 + n}` }, "AAAAAAAA");
  }
  assert.equal(await people.redeem(ANN, code), undefined);
  const next = await people.inviteOwner("telegram");
  assert.equal((await people.redeem(ANN, next.code))?.role, "owner");
});

Deno.test("a guest's code makes no owner, and an owner's code stays an owner's", async () => {
  const { people } = world();
  const asked = await people.askFor(BEN);
  assert.equal(await people.redeem(BEN, asked?.code ?? ""), undefined);
  const invited = await people.inviteOwner("telegram");
  await assert.rejects(people.approve("telegram", invited.code, "cli"), refused("pairing_refused"));
  await people.admit(BEN, "owner", "cli");
  assert.equal((await people.approve("telegram", asked?.code ?? "", "cli")).role, "owner");
});

Deno.test("strangers cannot make the list grow without end, nor write into it what they like", async () => {
  const { people, disk } = world();
  const name = `\u0007${"x".repeat(5000)}`;
  const given = await Promise.all(
    Array.from(
      { length: 50 },
      (_, n) => people.askFor({ channel: "telegram", id: `${n + 1}`, name }),
    ),
  );
  assert.equal(given.filter((code) => code !== undefined).length, 20);
  assert.ok((disk.texts().get(FILE) ?? "").length < 20_000);
  assert.equal((await people.pending())[0]?.person?.name, "x".repeat(64));
});

Deno.test("a chat that moved is found under its new id, also after it moved again", async () => {
  const { people, audited, disk } = world();
  assert.equal(await people.currentChat("telegram", "-5"), "-5");
  await people.moveChat("telegram", "-5", "-1005");
  await people.moveChat("telegram", "-5", "-1005"); // told by both chats
  await people.moveChat("telegram", "-1005", "-1006");
  assert.deepEqual((await audited()).length, 2);
  const again = world(disk.restarted()).people;
  assert.equal(await again.currentChat("telegram", "-5"), "-1006");
  assert.equal(await again.currentChat("loopback", "-5"), "-5");
  await again.moveChat("telegram", "-1006", "-5");
  assert.ok(["-5", "-1006", "-1005"].includes(await again.currentChat("telegram", "-5")));
});

Deno.test("two who change the list at once lose nothing of each other", async () => {
  const { people } = world();
  await Promise.all(
    Array.from(
      { length: 20 },
      (_, n) => people.admit({ channel: "telegram", id: `${n + 1}` }, "guest", "cli"),
    ),
  );
  assert.equal((await people.list()).length, 20);
});

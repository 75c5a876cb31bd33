import type { Run } from "../../runs/run.ts";
import type { SecretWish } from "../../secrets/secret_wish.ts";

// A secret that is missing is a question of the run: it goes on when the secret is kept.

/** Where the call stands, and what the program said. */
interface AskingCall {
  readonly said: { readonly id: number };
  readonly print: string;
}

/** The run waits for a secret, unless it does so already. */
export async function askLater(
  wish: SecretWish,
  { said, print }: AskingCall,
  run: Run,
): Promise<void> {
  if (findOpen(said.id, print, run)) return;
  await run.ask({ call: said.id, fingerprint: print, matter: { kind: "secret", wish } });
}

/** The secret is there now, so that the run waits for it no more. */
export async function closeQuestion(
  { said, print }: AskingCall,
  run: Run,
): Promise<void> {
  const open = findOpen(said.id, print, run);
  if (open) await run.answer(open.question, { kind: "given" }, { channel: "vault" });
}

function findOpen(call: number, print: string, run: Run) {
  const asked = run.findQuestion("secret", call, print);
  return asked?.answer ? undefined : asked;
}

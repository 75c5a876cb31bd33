import { fingerprint } from "../../src/approvals/fingerprint.ts";
import { createGate } from "../../src/approvals/gate.ts";
import type { GateCall } from "../../src/approvals/gate_call.ts";
import type { GatePorts } from "../../src/approvals/gate_ports.ts";
import { alone } from "./alone.ts";

/** A call as tests write it; its fingerprint is computed. */
export type Call = Omit<GateCall, "fingerprint">;

/** A gate that makes the fingerprint of each call itself, as the road does. */
export type TestGate = ReturnType<typeof createTestGate>;

/** Builds the gate of a turn that nobody listens to. */
export function createTestGate(
  ports: Omit<GatePorts, "questions" | "tell" | "redactor"> & Partial<GatePorts>,
) {
  const gate = createGate({ ...alone(), ...ports });
  return {
    check: async (call: Call, signal: AbortSignal) => {
      const { tool, args } = call.call;
      return await gate.check({ ...call, fingerprint: await fingerprint(tool, args) }, signal);
    },
  };
}

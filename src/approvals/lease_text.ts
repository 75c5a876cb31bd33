import type { Capability } from "../domain/clam.ts";
import { resolveRules } from "./capabilities.ts";
import type { Preview } from "./approver.ts";
import type { LeasedManifest } from "./lease.ts";

/** What a program may do once it is allowed as a whole, as a list that a person can read. */
export function describeLease(
  { declaredTools, capabilities, inputs, secrets, limits }: Pick<
    LeasedManifest,
    "declaredTools" | "capabilities" | "inputs" | "secrets" | "limits"
  >,
  { callsPerRun, forMs }: { readonly callsPerRun: number; readonly forMs: number },
): Preview["fields"] {
  const days = Math.round(forMs / 864_000) / 100;
  return [
    { name: "tools", value: declaredTools.join(", ") || "none" },
    ...resolveRules(capabilities, inputs).map((rule) => ({
      name: `${rule.method} with`,
      value: describeRule(rule),
    })),
    { name: "secrets", value: secrets.join(", ") || "none" },
    { name: "calls in a run", value: `${callsPerRun} at most` },
    ...(limits.timeoutMs === undefined
      ? []
      : [{ name: "computing time", value: `${limits.timeoutMs / 1000} s at most` }]),
    { name: "counts for", value: `${days} ${days === 1 ? "day" : "days"}` },
  ];
}

/** One rule on one line: `method is_in ["GET"], url starts_with "https://a.org/"`. */
export function describeRule({ constraints, max_calls }: Capability): string {
  const parts = constraints.flatMap(({ param, ...rules }) =>
    Object.entries(rules).map(([operator, limit]) =>
      `${param} ${operator} ${JSON.stringify(limit)}`
    )
  );
  const most = max_calls === undefined ? [] : [`${max_calls} times at most`];
  return [...parts, ...most].join(", ") || "any arguments";
}

import { describePlace } from "../../approvals/gate.ts";
import type { Deed, Resource } from "../../domain/tool_call.ts";
import type { Prepared } from "../tool.ts";

/** What a call that was done did, for its account; nothing where it has no effect. */
export function deedOf(
  { effect, resource }: Pick<Prepared, "effect" | "resource">,
  allowedAt: number,
): { readonly deed?: Deed } {
  if (effect === "none") return {};
  const { kind } = resource;
  const at = new Date(allowedAt).toISOString();
  const to = describePlace(resource);
  return { deed: { effect, kind, operation: operationOf(resource), to, allowedAt: at } };
}

function operationOf(resource: Resource): string {
  switch (resource.kind) {
    case "url":
      return resource.method;
    case "file":
      return resource.operation;
    case "memory":
    case "schedule":
      return resource.action;
    case "server":
      return resource.tool;
    case "secret":
    case "plain":
      return "";
  }
}

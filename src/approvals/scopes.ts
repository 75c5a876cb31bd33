import { basename, dirname, isAbsolute, join, normalize, relative, resolve } from "node:path";
import type { Resource } from "../domain/tool_call.ts";
import type { OfferedScope } from "./approver.ts";

/** Where relative and `~` paths start, of programs and in rules about them. */
export interface PathBase {
  /** Absolute root of the file tool. */
  readonly root: string;
  /** Absolute paths of directories outside of the root that are meant by their own name. */
  readonly beside?: readonly string[];
  /** The person's home directory, for `~`. */
  readonly userHome: string | undefined;
}

/** A scope that has been read. */
export type Scope =
  | { readonly kind: "any" }
  | { readonly kind: "workspace" }
  | { readonly kind: "file" | "dir"; readonly path: string }
  /** Without a port: https on 443. With one: http or https on exactly that port. */
  | { readonly kind: "host"; readonly host: string; readonly port: number | undefined }
  | { readonly kind: "path"; readonly url: URL }
  | { readonly kind: "exact"; readonly method: string; readonly url: URL }
  /** `undefined`: any of its kind. */
  | { readonly kind: "secret" | "job"; readonly name: string | undefined }
  | { readonly kind: "memory" | "cron"; readonly action: string | undefined }
  /** Every call of that tool of a server. */
  | { readonly kind: "tool" }
  /** Every tool of that server. */
  | { readonly kind: "server"; readonly server: string }
  /** The call with that fingerprint. */
  | { readonly kind: "call"; readonly call: string };

/** How scopes are written, for messages. */
export const SCOPE_GRAMMAR =
  "*, workspace, file:PATH, dir:PATH, host:NAME[:PORT], path:URL, exact:METHOD:URL, " +
  "secret:NAME, memory:ACTION, cron:ACTION, job:NAME, tool, server:NAME or exact:CALL";

/** Reads a scope; `undefined` when it is none of the grammar. Paths are made absolute. */
export function parseScope(text: string, base: PathBase): Scope | undefined {
  if (text === "*") return { kind: "any" };
  if (text === "workspace") return { kind: "workspace" };
  if (text === "tool") return { kind: "tool" };
  const [, kind, rest] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  if (kind === undefined || rest === undefined) return undefined;
  return parseNamed(kind, rest) ?? parsePlace(kind, rest, base);
}

/** Things that have a name and no place; `*` in place of the name means any. */
function parseNamed(kind: string, rest: string): Scope | undefined {
  const name = rest === "*" ? undefined : rest;
  if (kind === "job") return { kind, name };
  if (name !== undefined && !/^[\w-]+$/.test(name)) return undefined;
  if (kind === "server") return name === undefined ? undefined : { kind, server: name };
  if (kind === "secret") return { kind, name };
  return kind === "memory" || kind === "cron" ? { kind, action: name } : undefined;
}

function parsePlace(kind: string, rest: string, base: PathBase): Scope | undefined {
  if (kind === "file" || kind === "dir") return { kind, path: absolutePath(rest, base) };
  if (kind === "host") return parseHost(rest);
  if (kind === "path") {
    const url = parseWebUrl(rest);
    return url && { kind, url };
  }
  if (kind !== "exact") return undefined;
  if (/^[0-9a-f]{64}$/.test(rest)) return { kind: "call", call: rest };
  const [, method, address] = /^([A-Za-z]+):(.+)$/s.exec(rest) ?? [];
  const url = address === undefined ? undefined : parseWebUrl(address);
  return url && method !== undefined
    ? { kind: "exact", method: method.toUpperCase(), url }
    : undefined;
}

/** Whether a scope allows touching a resource. */
export function covers(scope: Scope, resource: Resource): boolean {
  switch (scope.kind) {
    case "any":
      return !(resource.kind === "url" && resource.internal); // an internal host must be named
    case "workspace":
      return resource.kind === "file" && isWithin(resource.path, resource.root);
    case "file":
      return resource.kind === "file" && !resource.whole && resource.path === scope.path;
    case "dir":
      return resource.kind === "file" && isWithin(resource.path, scope.path);
    case "host":
    case "path":
    case "exact":
      return resource.kind === "url" && coversUrl(scope, resource.method, resource.url);
    case "secret":
      return resource.kind === "secret" && isAnyOr(scope.name, resource.name);
    case "job":
      return resource.kind === "schedule" && resource.job !== undefined &&
        isAnyOr(scope.name, resource.job);
    case "memory":
      return resource.kind === "memory" && isAnyOr(scope.action, resource.action);
    case "cron":
      return resource.kind === "schedule" && isAnyOr(scope.action, resource.action);
    case "tool":
      return resource.kind === "server";
    case "server":
      return resource.kind === "server" && resource.server === scope.server;
    case "call":
      return resource.kind === "server" && resource.call === scope.call;
  }
}

function isAnyOr(granted: string | undefined, wanted: string): boolean {
  return granted === undefined || granted === wanted;
}

/** The standing permissions that make sense for a resource, narrowest first. Each covers it. */
export function offerScopes(resource: Resource, tool: string): OfferedScope[] {
  switch (resource.kind) {
    case "file":
      return offerPaths(resource);
    case "url":
      return offerUrls(resource.method, resource.url);
    case "secret":
      return [
        { scope: `secret:${resource.name}`, label: `the secret ${resource.name}` },
        { scope: "secret:*", label: "every secret" },
      ];
    case "memory":
      return [{ scope: `memory:${resource.action}`, label: `${resource.action} any fact` }];
    case "schedule":
      return offerSchedule(resource);
    case "server":
      return [
        { scope: `exact:${resource.call}`, label: "exactly this call" },
        { scope: "tool", label: `every call of ${resource.tool}` },
        {
          scope: `server:${resource.server}`,
          label: `every tool of the server ${resource.server}`,
        },
      ];
    case "plain":
      return [{ scope: "*", label: `every call of ${tool}` }];
  }
}

/** Whether `path` is `directory` or below it; both absolute and normalised. */
export function isWithin(path: string, directory: string): boolean {
  const inside = relative(directory, path);
  return inside === "" || (inside !== ".." && !/^\.\.[\\/]/.test(inside) && !isAbsolute(inside));
}

/** The absolute path that a written one means; links are not looked at. */
export function absolutePath(path: string, { root, beside = [], userHome }: PathBase): string {
  const home = /^~(?:[\\/](.*))?$/s.exec(path);
  if (home && userHome !== undefined) return join(userHome, home[1] ?? "");
  const [first] = normalize(path).split(/[\\/]/, 1);
  const named = beside.find((directory) => basename(directory) === first);
  return resolve(named === undefined ? root : dirname(named), path);
}

function parseHost(text: string): Scope | undefined {
  const [, name, digits] = /^(\[[0-9a-fA-F:.]+\]|[^:/?#@*\s\\]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = name === undefined ? undefined : parseWebUrl(`https://${name}/`)?.hostname;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65535))) return undefined;
  return { kind: "host", host, port };
}

/** An http or https address without user name and password; its fragment is dropped. */
function parseWebUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== "" || url.password !== "" || url.hostname === "") return undefined;
  url.hash = "";
  return url;
}

function coversUrl(
  scope: Extract<Scope, { kind: "host" | "path" | "exact" }>,
  method: string,
  address: string,
): boolean {
  const url = parseWebUrl(address);
  if (!url) return false;
  switch (scope.kind) {
    case "host":
      if (url.hostname !== scope.host) return false;
      return scope.port === undefined
        ? url.protocol === "https:" && portOf(url) === 443
        : portOf(url) === scope.port;
    case "path":
      if (url.origin !== scope.url.origin) return false;
      return scope.url.search === ""
        ? hasSegments(url.pathname, scope.url.pathname)
        : url.pathname === scope.url.pathname && hasParameters(url.search, scope.url.search);
    case "exact":
      return method.toUpperCase() === scope.method && url.href === scope.url.href;
  }
}

/**
 * Whether a path starts with all segments of another: `/a/b` covers `/a/b/c`, not `/a/bc`. What
 * some servers decode to a way back up, such as `/a/b/..%2fc`, is not below.
 */
function hasSegments(path: string, prefix: string): boolean {
  if (path === prefix) return true;
  const base = prefix.endsWith("/") ? prefix : `${prefix}/`;
  return path.startsWith(base) && !climbs(path.slice(base.length));
}

/** `%2f` and `%5c` are separators once decoded, and `%25` hides any of these. */
function climbs(path: string): boolean {
  let plain = path;
  for (let round = 0; round < 4; round++) {
    plain = plain.replace(/%(25|2e|2f|5c)/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
  }
  return plain.split(/[\\/]/).some((segment) => /^\.\.(?:;.*)?$/.test(segment));
}

/** Whether a query begins with all of another's parameters; one that ends in `=` takes any value. */
function hasParameters(search: string, prefix: string): boolean {
  return search === prefix || search.startsWith(`${prefix}&`) ||
    (/[=&?]$/.test(prefix) && search.startsWith(prefix));
}

function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

/** A job that is called `*` can be granted with its action alone. */
function offerSchedule(
  { action, job }: Extract<Resource, { readonly kind: "schedule" }>,
): OfferedScope[] {
  const named = job === undefined || job === "*" || job === ""
    ? []
    : [{ scope: `job:${job}`, label: `everything about the job ${job}` }];
  return [
    ...named,
    { scope: `cron:${action}`, label: `${action} any job` },
    { scope: "cron:*", label: "everything about the schedule" },
  ];
}

/** Operations of directories. */
const OF_DIRECTORIES = ["list", "search", "disk_usage", "mkdir"];

function offerPaths(
  { path, root, operation, whole }: Extract<Resource, { readonly kind: "file" }>,
): OfferedScope[] {
  const what = OF_DIRECTORIES.includes(operation) ? "this folder itself" : "this file";
  const offers: OfferedScope[] = [];
  if (!whole) offers.push({ scope: `file:${path}`, label: `${what}: ${path}` });
  else if (path !== root) offers.push({ scope: `dir:${path}`, label: `the folder ${path}` });
  const parent = dirname(path);
  if (parent !== root && parent !== path && dirname(parent) !== parent && path !== root) {
    offers.push({ scope: `dir:${parent}`, label: `the folder ${parent}` });
  }
  if (isWithin(path, root)) {
    offers.push({ scope: "workspace", label: "everything in the workspace" });
  }
  return offers;
}

function offerUrls(method: string, address: string): OfferedScope[] {
  const url = parseWebUrl(address);
  if (!url) return [];
  const offers: OfferedScope[] = [{
    scope: `exact:${method.toUpperCase()}:${url.href}`,
    label: `${method.toUpperCase()} ${url.href}`,
  }];
  if (url.pathname !== "/") {
    const place = `${url.origin}${url.pathname}`;
    offers.push({ scope: `path:${place}`, label: `everything below ${place}` });
  }
  const usual = url.protocol === "https:" && portOf(url) === 443;
  offers.push({
    scope: usual ? `host:${url.hostname}` : `host:${url.hostname}:${portOf(url)}`,
    label: `every request to ${url.origin}`,
  });
  return offers;
}

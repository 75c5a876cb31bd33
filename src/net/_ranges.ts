/** An IP address as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** All addresses that share their first `bits` bits. */
export interface AddressRange extends Address {
  readonly bits: number;
}

/**
 * Special IPv4 ranges with the word that errors use. Source: IANA IPv4 Special-Purpose Address
 * Registry (RFC 6890 and updates; the few entries that are globally reachable are infrastructure
 * and are refused as well), multicast (RFC 5771), reserved (RFC 1112), and the address at which
 * Azure's virtual machines find their host.
 */
const SPECIAL_V4: readonly (readonly [range: string, word: string])[] = [
  ["0.0.0.0/8", "of this network"],
  ["10.0.0.0/8", "private"],
  ["100.64.0.0/10", "shared inside a provider's network"],
  ["127.0.0.0/8", "of this machine"],
  ["168.63.129.16/32", "of the cloud host"],
  ["169.254.0.0/16", "link-local"],
  ["172.16.0.0/12", "private"],
  ["192.0.0.0/24", "set aside for protocols"],
  ["192.0.2.0/24", "for documentation"],
  ["192.31.196.0/24", "set aside for protocols"],
  ["192.52.193.0/24", "set aside for protocols"],
  ["192.88.99.0/24", "of a 6to4 relay"],
  ["192.168.0.0/16", "private"],
  ["192.175.48.0/24", "set aside for protocols"],
  ["198.18.0.0/15", "for benchmarks"],
  ["198.51.100.0/24", "for documentation"],
  ["203.0.113.0/24", "for documentation"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
];

/** The only IPv6 block that IANA gives out as global unicast (RFC 4291, IANA address space). */
const GLOBAL_V6 = "2000::/3";

/**
 * Special IPv6 ranges: IANA IPv6 Special-Purpose Address Registry, within and outside the global
 * block. What lies outside and is not listed is refused too; the list gives it a better word.
 */
const SPECIAL_V6: readonly (readonly [range: string, word: string])[] = [
  ["::/128", "unspecified"],
  ["::1/128", "of this machine"],
  ["::ffff:0:0/96", "an IPv4 address in IPv6 form"],
  ["64:ff9b::/96", "an IPv4 address behind NAT64"],
  ["64:ff9b:1::/48", "an IPv4 address behind NAT64"],
  ["100::/64", "a black hole"],
  ["2001::/23", "set aside for protocols (Teredo, ORCHID, benchmarks)"],
  ["2001:db8::/32", "for documentation"],
  ["2002::/16", "an IPv4 address behind 6to4"],
  ["2620:4f:8000::/48", "set aside for protocols"],
  ["3ffe::/16", "of a network that ended"],
  ["3fff::/20", "for documentation"],
  ["5f00::/16", "for segment routing"],
  ["fc00::/7", "private"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "site-local"],
  ["ff00::/8", "multicast"],
];

const SPECIAL = [...SPECIAL_V4, ...SPECIAL_V6].map(([text, word]) => ({
  range: knownRange(text),
  word,
}));
const GLOBAL = knownRange(GLOBAL_V6);

/** Why an address is not a public one, as a word for errors; `undefined` when it is public. */
export function findSpecialPurpose(address: Address): string | undefined {
  const special = SPECIAL.find(({ range }) => isInRange(address, range));
  if (special) return special.word;
  if (address.family === 4) return undefined;
  if (!isInRange(address, GLOBAL)) return "not globally routed";
  return isIsatap(address) ? "an IPv4 address behind ISATAP" : undefined;
}

export function isInRange(address: Address, range: AddressRange): boolean {
  const rest = BigInt((range.family === 4 ? 32 : 128) - range.bits);
  return address.family === range.family && address.value >> rest === range.value >> rest;
}

/** Reads a dotted IPv4 or an IPv6 address; no zone, no brackets, no short IPv4 spellings. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseV6(text) : parseV4(text);
}

/** Reads `address/bits`, or a single address. */
export function parseRange(text: string): AddressRange | undefined {
  const [, base, digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = base === undefined ? undefined : parseAddress(base);
  if (!address) return undefined;
  const most = address.family === 4 ? 32 : 128;
  const bits = digits === undefined ? most : Number(digits);
  return bits <= most ? { ...address, bits } : undefined;
}

function parseV4(text: string): Address | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return { family: 4, value: parts.reduce((value, part) => value << 8n | BigInt(part), 0n) };
}

function parseV6(text: string): Address | undefined {
  const sides = text.split("::");
  if (sides.length > 2) return undefined;
  const [head, tail] = sides.map((side, index) => parseGroups(side, index === sides.length - 1));
  if (sides.length === 1) return head?.length === 8 ? fromGroups(head) : undefined;
  if (!head || !tail || head.length + tail.length > 7) return undefined;
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return fromGroups([...head, ...gap, ...tail]);
}

/** The 16-bit groups of one side of `::`; the very last may be a dotted IPv4 address. */
function parseGroups(text: string, isLast: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const dotted = isLast && index === parts.length - 1 ? parseV4(part) : undefined;
    if (dotted) groups.push(Number(dotted.value >> 16n), Number(dotted.value & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function fromGroups(groups: readonly number[]): Address {
  return { family: 6, value: groups.reduce((value, group) => value << 16n | BigInt(group), 0n) };
}

/** An interface id `0000:5efe:` or `0200:5efe:` + IPv4 address (RFC 5214, section 6.1). */
function isIsatap(address: Address): boolean {
  return (address.value >> 32n & 0xfcff_ffffn) === 0x0000_5efen;
}

function knownRange(text: string): AddressRange {
  const range = parseRange(text);
  if (!range) throw new RangeError(`"${text}" is no address range`);
  return range;
}

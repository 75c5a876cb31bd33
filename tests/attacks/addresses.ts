import { PUBLIC_ADDRESS } from "../fakes/loopback_network.ts";

// Where no tool may go; tried in process and with the binary.

/** Hosts that are addresses, in every dress. */
export const LITERALS = [
  // IPv4, the spellings of 127.0.0.1 and of the cloud's metadata address
  ..."127.0.0.1 127.1 127.0.1 127.0.0.1. 127.000.000.001 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1"
    .split(" "),
  ..."0177.0.0.1 017700000001 0X7F000001 127.0.0.0x1 127%2e0%2e0%2e1 %31%32%37.0.0.1".split(" "),
  ..."１２７.０.０.１ 127。0。0。1 127．0．0．1 ①②⑦.⓪.⓪.①".split(" "),
  ..."169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.16689662".split(" "),
  // IPv4, one of every special range and its edges
  ..."0.0.0.0 0 0.255.255.255 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255"
    .split(" "),
  ..."127.255.255.255 168.63.129.16 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1"
    .split(" "),
  ..."192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1"
    .split(" "),
  ..."198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255"
    .split(" "),
  // IPv6: this machine, IPv4 in disguise, and every special range
  ..."[::] [::1] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1]"
    .split(" "),
  ..."[0:0:0:0:0:ffff:7f00:1] [::FFFF:169.254.169.254] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1]"
    .split(" "),
  ..."[64:ff9b::a9fe:a9fe] [64:ff9b:1::1] [64:ff9b:1:fffe::a00:1] [2002:7f00:1::] [2002:a00:1::1]"
    .split(" "),
  ..."[2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001::1] [2001:2::1] [2001:3::1] [2001:4:112::1]"
    .split(" "),
  ..."[2001:10::1] [2001:20::1] [2001:30::1] [2001:db8::1] [3fff::1] [3ffe::1] [2620:4f:8000::1]"
    .split(" "),
  ..."[2606:4700::5efe:10.0.0.1] [2606:4700::200:5efe:7f00:1] [100::1] [100:0:0:1::1] [4000::1]"
    .split(" "),
  ..."[5f00::1] [fc00::1] [fd00:ec2::254] [fe80::1] [febf::1] [fec0::1] [ff02::1] [1::1]".split(
    " ",
  ),
];

/** Names that mean this machine without asking anybody. */
export const LOCAL_NAMES = [
  "localhost",
  "localhost.",
  "LOCALHOST",
  "ｌｏｃａｌｈｏｓｔ",
  "a.localhost",
];

/** Complete addresses that must not be understood otherwise than by a browser. */
export const TRICKS = [
  `http://${PUBLIC_ADDRESS}@127.0.0.1/`,
  `http://user:pw@${PUBLIC_ADDRESS}/`,
  `http://127.0.0.1#@${PUBLIC_ADDRESS}/`,
  `http://127.0.0.1?@${PUBLIC_ADDRESS}/`,
  `http://127.0.0.1\\@${PUBLIC_ADDRESS}/`,
  `http://127.0.0.1:80\\@${PUBLIC_ADDRESS}:80/`,
  "http:127.0.0.1",
  "http:/127.0.0.1/",
  "http:\\\\127.0.0.1\\",
  "  http://127.0.0.1/",
  "ht\ntp://127.0.0.1/",
  "http://127.0.0.\t1/",
  "file:///etc/passwd",
  "ftp://127.0.0.1/",
  "gopher://127.0.0.1:6379/_INFO",
  "ws://127.0.0.1/",
  "data:text/html,hello",
  "blob:http://127.0.0.1/x",
  "javascript:1",
  "//127.0.0.1/",
  "127.0.0.1",
  "http://",
  "http://[::1",
  "http://127.0.0.1:99999/",
];

/** Names, and what a name server says about them. */
export const NAMES: Readonly<Record<string, readonly string[]>> = {
  "loopback.test": ["127.0.0.1"],
  "nil.test": ["0.0.0.0"],
  "private.test": ["10.1.2.3"],
  "metadata.test": ["169.254.169.254"],
  "fakeip.test": ["198.18.0.7"],
  "carrier.test": ["100.64.9.9"],
  "six.test": ["::1"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "nat64.test": ["64:ff9b::7f00:1"],
  "ula.test": ["fd12::1"],
  "mixed-last.test": [PUBLIC_ADDRESS, "192.168.0.1"],
  "mixed-first.test": ["192.168.0.1", PUBLIC_ADDRESS],
  "mixed-family.test": [PUBLIC_ADDRESS, "::1"],
  "mixed-many.test": [PUBLIC_ADDRESS, "8.8.8.8", "1.1.1.1", "9.9.9.9", "127.0.0.1"],
};

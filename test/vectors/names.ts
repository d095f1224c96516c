/** Names that the contracts and the TypeScript side must judge alike; the keys say what is special about them. */

export const wrongDomains = {
  "is empty": "",
  "is one label": "localhost",
  "has upper case": "Homeaffairs.gov.au",
  "has a space": "home affairs.gov.au",
  "has a character outside ASCII": "zoll.österreich.at",
  "begins with a dot": ".gov.au",
  "ends with a dot": "homeaffairs.gov.au.",
  "has an empty label": "homeaffairs..au",
  "has a label that begins with a hyphen": "-homeaffairs.gov.au",
  "has a label that ends with a hyphen": "homeaffairs-.gov.au",
  "ends with a hyphen": "homeaffairs.gov.au-",
  "has a slash": "customs/gov.au",
  "has a colon": "customs:gov.au",
  "has a backtick": "customs`gov.au",
  "has a brace": "customs{gov.au",
  "has an underscore": "home_affairs.gov.au",
  "is an IP address": "192.0.2.1",
  "has a label of 64 characters": `${"a".repeat(64)}.gov.au`,
  "has a last label of 64 characters": `gov.${"a".repeat(64)}`,
  "has 254 characters": `${"a".repeat(62)}.`.repeat(4).concat("au"),
};

export const rightDomains = {
  "has every letter and digit": "abcdefghijklmnopqrstuvwxyz-0123456789.az.za",
  "has digits and hyphens": "1st-customs.xn--p1ai",
  "has labels of 63 characters": `${"a".repeat(63)}.${"b".repeat(63)}.au`,
  "has 253 characters": `${"a".repeat(62)}.`.repeat(4).concat("a"),
};

export const rightSubjects = {
  "of one character": "a",
  "of 200 characters": "s".repeat(200),
  "of the first and last printable characters": "!~",
  "of exactly 32 characters": "x".repeat(32),
  "of 33 characters": "x".repeat(33),
  "of every printable character": String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 0x21 + i)),
};

export const wrongSubjects = {
  "that is empty": "",
  "of 201 characters": "s".repeat(201),
  "with a space": "a b",
  "with a space at the 32nd place": `${"x".repeat(31)} `,
  "with a space at the 33rd place": `${"x".repeat(32)} `,
  "with a space at the 200th place": `${"x".repeat(199)} `,
  "with a line break": "a\nb",
  "with a NUL": "a\0",
  "of a NUL alone": "\0",
  "with a delete character": "a\x7f",
  "with a delete character before another": "\x7fa",
  "with a character outside ASCII": "é",
  "with an emoji at a word's end": `${"x".repeat(30)}\u{1f4dc}`,
  "with a unit separator": "\x1f",
};

/** Subjects that say nothing to outsiders. */
export const opaqueSubjects = ["urn:uuid:1", "urn:hmac-sha256:1"];

/** Well-formed subjects that are not opaque. */
export const tellingSubjects = [
  "WBC208897",
  "urn:uuid:",
  "urn:hmac-sha256:",
  "URN:UUID:1",
  "urn:uuidx:1",
  "urn:hmac-sha2",
  "chamber.com.au:chafta-coo:123",
];

import path from "node:path";

import type { DocumentsConfig } from "../documents/documents-config.ts";
import { MOST_S3_BYTES, type S3Location } from "../documents/s3-location.ts";
import type { Section } from "./reader.ts";
import type { SecretReader } from "./secret-reader.ts";

const GIB = 1024 ** 3;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const BUCKET = {
  matches: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  write: "the bucket's name, of 3 to 63 lower-case letters, digits, dots and hyphens",
};
const PREFIX = {
  matches: /^(?=.{1,200}$)[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/,
  write: "letters, digits, hyphens and underscores, such as homeaffairs/documents",
};
const REGION = { matches: /^[a-z0-9-]{1,63}$/, write: "the region's name, such as us-east-1" };

/**
 * Reads the section `documents`.
 *
 * @param directory that relative paths start from
 */
export function readDocuments(
  root: Section,
  directory: string,
  secrets: SecretReader,
  production: boolean,
): DocumentsConfig {
  const documents = root.section("documents");
  const inS3 = documents.has("s3");
  if (inS3 === documents.has("directory")) {
    documents.mistake("", "must say one of two; write directory: <path> or an s3 section.");
  }
  const maxBytes = documents.whole("maxBytes", { from: 1, to: 64 * GIB }, GIB);
  if (inS3 && maxBytes > MOST_S3_BYTES) {
    documents.mistake("maxBytes", `is more than S3 takes at once; write ${MOST_S3_BYTES} at most.`);
  }
  const config: DocumentsConfig = inS3
    ? { s3: readS3(documents.section("s3"), directory, secrets, production), maxBytes }
    : { directory: documents.has("directory") ? readPath(documents, "directory", directory) : "", maxBytes };
  documents.end();
  return config;
}

function readPath(section: Section, name: string, directory: string): string {
  return path.resolve(directory, section.text(name, { write: "the path of a directory" }));
}

function readS3(section: Section, directory: string, secrets: SecretReader, production: boolean): S3Location {
  const location = {
    endpoint: readEndpoint(section, production),
    bucket: section.text("bucket", BUCKET),
    prefix: section.has("prefix") ? section.text("prefix", PREFIX) : "",
    region: section.text("region", REGION, "us-east-1"),
    pathStyle: section.flag("pathStyle", true),
    accessKeyId: secrets.credential(section, "accessKeyId"),
    secretAccessKey: secrets.credential(section, "secretAccessKey"),
    spool: readPath(section, "spool", directory),
  };
  section.end();
  return location;
}

/** Documents are nobody's business on the way: without TLS they go no further than this machine, but in development. */
function readEndpoint(section: Section, production: boolean): string {
  const text = section.text("endpoint", { write: "the storage's URL, such as https://s3.example" });
  if (text === "") return text;
  const url = URL.parse(text);
  const isPlain =
    url !== null && [url.username, url.password, url.search, url.hash].every((part) => part === "");
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    section.mistake(
      "endpoint",
      "is no plain URL; write for instance https://s3.example, without the bucket.",
    );
    return "";
  }
  if (production && url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    section.mistake("endpoint", "goes without TLS; write an https URL.");
  }
  return text.replace(/\/+$/, "");
}

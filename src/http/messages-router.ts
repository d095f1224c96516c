import { Router, type Request } from "express";

import { isMessageId } from "../domain/message.ts";
import { isDomain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { Caller, Role } from "../identity/caller.ts";
import { acceptMessage, type AcceptOptions } from "../messages/accept.ts";
import { asMessageStatus } from "../messages/journal.ts";
import { recordsOf, type MessageRecord } from "../messages/message-record.ts";
import {
  findMessage,
  listMessages,
  type MessageFilter,
  type MessageOrder,
  type MessageRow,
} from "../messages/message-repository.ts";
import { demandRole, demandSender, knowingRoles, maySee } from "../messages/sending-rights.ts";
import { subjectsOfNumber } from "../messages/subjects-of-number.ts";
import { visibleTo } from "../messages/visible-messages.ts";
import { withdrawMessage } from "../messages/withdraw.ts";
import { isDocumentNumber } from "../semantics/private-subject.ts";
import type { Subjects } from "../semantics/subjects.ts";
import { callerOf, requireUser } from "./caller.ts";

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1_000;
const LONGEST_FILTER = 253;

/**
 * The Message API for single messages (PROTOCOL §5; openapi/messages.yaml).
 *
 * @param options `subjects`: what the node makes of numbers
 */
export function messagesRouter(
  options: AcceptOptions & { readonly subjects: Pick<Subjects, "subjectsOfAnyNumber"> },
): Router {
  const { db } = options.store;
  const router = Router();

  /** Only administrators are told which users made the steps of its journal. */
  const record = async (caller: Caller, row: MessageRow): Promise<MessageRecord> => {
    const administers = caller.kind === "user" && caller.roles.has("admin");
    const [only] = await recordsOf(db, [row], options.now(), administers);
    if (only === undefined) throw new Error(`There is no record of ${row.id}.`);
    return only;
  };

  /**
   * A message the caller may see; what is hidden and what does not exist are answered alike.
   *
   * @param by roles of which a user needs one that is for the message's subject
   */
  const visible = async (caller: Caller, id: unknown, by: readonly Role[]): Promise<MessageRow> => {
    const row = typeof id === "string" && isMessageId(id) ? await findMessage(db, id) : null;
    const hidden = row === null || !concerns(row, caller);
    if (hidden || (caller.kind === "user" && !maySee(caller, row.subject, by))) {
      throw new Problem("not-found", "There is no message with this id that you may see: check the id.");
    }
    return row;
  };

  router.post("/messages", async (request, response) => {
    const caller = requireUser(response);
    const { id, fresh } = await acceptMessage(options, caller, request.body as unknown);
    const row = await visible(caller, id, knowingRoles);
    response
      .status(fresh ? 202 : 200)
      .location(`messages/${id}`)
      .json(await record(caller, row));
  });

  router.get("/messages", async (request, response) => {
    const caller = readerOf(callerOf(response));
    const limit = limitOf(request);
    const number = numberOf(request, caller);
    const filter = {
      ...filterOf(request),
      ...(number === null ? {} : { oneOfSubjects: await subjectsOfNumber(db, options.subjects, number) }),
      ...visibleTo(caller),
    };
    const order = orderOf(request);
    // One more than asked for tells whether there is a next page.
    const rows = await listMessages(db, filter, order, afterOf(request, order), limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    response.json({
      items: await recordsOf(db, shown, options.now()),
      next: rows.length > limit && last !== undefined ? cursorOf(last.seq, order) : null,
    });
  });

  router.get("/messages/:id", async (request, response) => {
    const caller = readerOf(callerOf(response));
    const row = await visible(caller, request.params.id, ["messages:read"]);
    response.json(await record(caller, row));
  });

  router.post("/messages/:id/withdraw", async (request, response) => {
    const caller = requireUser(response);
    demandSender(caller);
    const row = await visible(caller, request.params.id, knowingRoles);
    demandRole(caller, row.effect, row.subject);
    options.assurance?.demand(caller, row.predicate);
    await withdrawMessage(options.store, row.id, options.now(), caller);
    response.json(await record(caller, await visible(caller, row.id, knowingRoles)));
  });

  return router;
}

function concerns(row: MessageRow, caller: Caller): boolean {
  const { channelId = row.channel_id, party } = visibleTo(caller);
  const isParty = row.sender === party || row.receiver === party;
  return isParty && row.channel_id === channelId;
}

/** Users need the role to read; a participant's node reads what concerns it. */
function readerOf(caller: Caller): Caller {
  if (caller.kind === "user" && !caller.roles.has("messages:read")) {
    throw new Problem(
      "not-allowed",
      "Reading messages needs the role messages:read: ask your administrator to grant it.",
    );
  }
  return caller;
}

function queryOf(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  if (value === undefined) return undefined;
  // A validated number arrives as one.
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text === "" || text.length > LONGEST_FILTER) {
    throw new Problem("malformed-request", `Give ${name} once, with 1 to ${LONGEST_FILTER} characters.`);
  }
  return text;
}

/** Asked for by people with a paper: another node knows what was sent to it by its subjects. */
function numberOf(request: Request, caller: Caller): string | null {
  const text = queryOf(request, "number");
  if (text === undefined) return null;
  if (caller.kind !== "user") {
    throw new Problem(
      "not-allowed",
      "Documents are found by their number by this node's own users: name the subject.",
    );
  }
  if (isDocumentNumber(text)) return text;
  throw new Problem(
    "malformed-request",
    "number is 1 to 70 printable ASCII characters, as the document says it.",
  );
}

function filterOf(request: Request): MessageFilter {
  const [subject, predicate] = [queryOf(request, "subject"), queryOf(request, "predicate")];
  const [sender, receiver] = [domainOf(request, "sender"), domainOf(request, "receiver")];
  const partner = domainOf(request, "partner");
  const [status, direction] = [statusOf(request), directionOf(request)];
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(predicate === undefined ? {} : { predicate }),
    ...(sender === undefined ? {} : { sender }),
    ...(receiver === undefined ? {} : { receiver }),
    ...(partner === undefined ? {} : { partner }),
    ...(status === undefined ? {} : { status }),
    ...(direction === undefined ? {} : { direction }),
  };
}

function domainOf(request: Request, name: "sender" | "receiver" | "partner"): string | undefined {
  const text = queryOf(request, name);
  if (text !== undefined && !isDomain(text)) {
    throw new Problem("malformed-request", `${name} is a participant's domain, such as customs.gov.cn.`);
  }
  return text;
}

function statusOf(request: Request): MessageFilter["status"] {
  const text = queryOf(request, "status");
  if (text === undefined) return undefined;
  const status = asMessageStatus(text);
  if (status === null) {
    throw new Problem("malformed-request", "status is one of those in /openapi.json, such as delivered.");
  }
  return status;
}

function directionOf(request: Request): MessageFilter["direction"] {
  const text = queryOf(request, "direction");
  if (text === undefined || text === "outgoing" || text === "incoming") return text;
  throw new Problem("malformed-request", "direction is outgoing or incoming.");
}

function limitOf(request: Request): number {
  const text = queryOf(request, "limit");
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > LARGEST_LIMIT) {
    throw new Problem("malformed-request", `limit is a whole number from 1 to ${LARGEST_LIMIT}.`);
  }
  return limit;
}

function orderOf(request: Request): MessageOrder {
  const text = queryOf(request, "order") ?? "oldest";
  if (text === "oldest" || text === "newest") return text;
  throw new Problem("malformed-request", "order is oldest or newest.");
}

/** The letter by which a page's cursor says which way it goes on. */
const cursorLetters = { oldest: "m", newest: "n" } as const satisfies Record<MessageOrder, string>;

function cursorOf(seq: number, order: MessageOrder): string {
  return Buffer.from(`${cursorLetters[order]}${seq}`).toString("base64url");
}

function afterOf(request: Request, order: MessageOrder): number | null {
  const text = queryOf(request, "after");
  if (text === undefined) return null;
  const [, letter, seq] = /^([mn])(\d{1,15})$/.exec(Buffer.from(text, "base64url").toString("latin1")) ?? [];
  if (seq === undefined || letter !== cursorLetters[order]) {
    throw new Problem("malformed-request", "after is the next of the page before, unchanged.");
  }
  return Number(seq);
}

import { useRef, useState } from "preact/hooks";

import { askJson, type ApiFailure } from "../../api/node-api.ts";
import { failureOf, noteFailure, useAsked } from "./asked.ts";
import { useLive } from "./live.ts";
import { touchedBy, withMore, withNewer, withNewest, type MessagesInSight } from "./merge-messages.ts";
import type { Listed, MessageRecord, Notification } from "./node-records.ts";

const PAGE = 50;
/** Messages outside the newest page that are looked at anew at a time. */
const MOST_TOUCHED = 20;
const GATHER_MS = 300;

/** The list of messages as it is shown. */
export interface MessageList extends MessagesInSight {
  /** False until the first answer. */
  readonly known: boolean;
  readonly loading: boolean;
  readonly failure: ApiFailure | null;
  readonly again: () => void;
  readonly more: () => void;
  readonly loadingMore: boolean;
}

const nothing: MessagesInSight = { items: [], next: null };

/**
 * The messages that a filter lets through, the newest first, kept up to date while they are looked at.
 *
 * @param filter as a query string of `GET /messages`
 */
export function useMessageList(filter: string): MessageList {
  const status = new URLSearchParams(filter).get("status") ?? "";
  const [inSight, setInSight] = useState({ filter, known: false, messages: nothing });
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreFailure, setMoreFailure] = useState<ApiFailure | null>(null);
  const told = useRef<Notification[]>([]);
  const gathering = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const current = useRef(inSight);
  current.current = inSight;
  const wanted = useRef(filter);
  wanted.current = filter;

  const put = (change: (before: MessagesInSight) => MessagesInSight) => {
    setInSight((before) => ({
      ...{ filter, known: true },
      messages: change(before.filter === filter ? before.messages : nothing),
    }));
  };
  const ask = (query: string, signal?: AbortSignal) =>
    askJson<Listed<MessageRecord>>(`messages?${query}`, signal === undefined ? {} : { signal });

  const newest = useAsked(`messages ${filter}`, async (signal) => {
    const page = await ask(`${filter}&order=newest&limit=${PAGE}`, signal);
    put((before) => withNewest(before, page));
    const events = told.current.splice(0);
    const onPage = new Set(page.items.map(({ id }) => id));
    const touched = touchedBy(current.current.messages, events).filter((id) => !onPage.has(id));
    const newer = await Promise.all(
      touched.slice(0, MOST_TOUCHED).map((id) => askJson<MessageRecord>(`messages/${id}`, { signal })),
    );
    if (newer.length > 0) put((before) => withNewer(before, newer, status));
    return true;
  });

  useLive((event) => {
    if (event !== null) told.current.push(event);
    if (gathering.current !== undefined) return;
    gathering.current = setTimeout(() => {
      gathering.current = undefined;
      newest.again();
    }, GATHER_MS);
  });

  const { messages, known } = inSight.filter === filter ? inSight : { messages: nothing, known: false };
  const more = () => {
    if (messages.next === null || loadingMore) return;
    setLoadingMore(true);
    ask(`${filter}&order=newest&limit=${PAGE}&after=${encodeURIComponent(messages.next)}`)
      .then(
        (page) => {
          setMoreFailure(null);
          // Another filter may have been chosen meanwhile: its list is none of this page's business.
          if (wanted.current === filter) put((before) => withMore(before, page));
        },
        (error: unknown) => {
          const failure = failureOf(error);
          noteFailure(failure);
          setMoreFailure(failure);
        },
      )
      .finally(() => {
        setLoadingMore(false);
      });
  };
  return {
    ...messages,
    ...{ known, more, loadingMore },
    loading: newest.loading,
    failure: newest.failure ?? moreFailure,
    again: newest.again,
  };
}

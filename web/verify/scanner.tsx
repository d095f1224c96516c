import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { QRCamera } from "qr/dom.js";
import { frameLoop, QRCanvas, rearCamera } from "qr/dom.js";

import { FileChoice } from "./file-choice.tsx";
import { say, type Key } from "./say.ts";
import { showCodes, showFile } from "./show.ts";

/** Shows the camera's picture until there is a code in it; what it sees stays in this browser. */
export function Scanner({ close }: { readonly close: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [fault, setFault] = useState<Key | null>(null);
  const [camera, setCamera] = useState<QRCamera | null>(null);
  useEffect(() => {
    const { current } = video;
    if (current === null) return undefined;
    const scan = scanWith(current, setCamera, setFault);
    return scan.stop;
  }, []);
  if (fault !== null) return <NoCamera fault={fault} close={close} />;
  return (
    <>
      <p role="status">{say("scanning")}</p>
      <video ref={video} class="verify-camera" muted playsInline aria-label={say("camera-view")} />
      <div class="row">
        <button type="button" onClick={close}>
          {say("scan-stop")}
        </button>
        {camera !== null && <SwitchCamera camera={camera} video={video} failed={setFault} />}
      </div>
    </>
  );
}

function NoCamera({ fault, close }: { readonly fault: Key; readonly close: () => void }) {
  return (
    <>
      <p class="notice warn" role="alert">
        {say(fault)}
      </p>
      <p>
        <button type="button" onClick={close}>
          {say("camera-again")}
        </button>
      </p>
      <FileChoice label={say("picture")} hint="" accept="image/*" chosen={(file) => showFile(file)} />
    </>
  );
}

function SwitchCamera({
  camera,
  video,
  failed,
}: {
  readonly camera: QRCamera;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly failed: (fault: Key) => void;
}) {
  const [ids, setIds] = useState<readonly string[]>([]);
  useEffect(() => {
    camera.listDevices().then(
      (devices) => {
        setIds(devices.map(({ deviceId }) => deviceId));
      },
      // There is a camera that works, and no other to choose.
      () => undefined,
    );
  }, [camera]);
  if (ids.length < 2) return null;
  return (
    <button
      type="button"
      onClick={() => {
        const next = (ids.indexOf(deviceShownIn(video.current)) + 1) % ids.length;
        camera.setDevice(ids[next] ?? "").catch((error: unknown) => {
          failed(faultOf(error));
        });
      }}
    >
      {say("camera-switch")}
    </button>
  );
}

/** The camera that is on, which need not be the first of the list; empty where none is. */
function deviceShownIn(video: HTMLVideoElement | null): string {
  const source = video?.srcObject;
  const [track] = source instanceof MediaStream ? source.getVideoTracks() : [];
  return track?.getSettings().deviceId ?? "";
}

/** Reads what the camera sees, frame by frame, until there is a code or `stop` is called. */
function scanWith(
  video: HTMLVideoElement,
  opened: (camera: QRCamera) => void,
  failed: (fault: Key) => void,
): { readonly stop: () => void } {
  let stopped = false;
  let release = (): void => undefined;
  const canvas = new QRCanvas({}, { decodeAll: true });
  const run = async (): Promise<void> => {
    const camera = await rearCamera(video);
    if (stopped) {
      camera.stop();
      return;
    }
    opened(camera);
    let busy = false;
    const end = frameLoop(() => {
      if (busy) return;
      busy = true;
      void camera
        .readFrame(canvas, true)
        .then((found) => {
          const texts = (Array.isArray(found) ? found : [found]).filter((each) => typeof each === "string");
          if (texts.length > 0 && !stopped) showCodes(texts);
        })
        // A frame without a code, or one that came too early.
        .catch(() => undefined)
        .finally(() => {
          busy = false;
        });
    }, video);
    release = () => {
      end();
      camera.stop();
    };
  };
  run().catch((error: unknown) => {
    if (!stopped) failed(faultOf(error));
  });
  return {
    stop() {
      stopped = true;
      release();
    },
  };
}

function faultOf(error: unknown): Key {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return "camera-refused";
  return name === "NotReadableError" || name === "AbortError" ? "camera-busy" : "camera-none";
}

import type { SealedStatus } from "./document-seal.ts";
import type { FormLanguage } from "./form.ts";

/** What a printed certificate says besides its form. */
export interface PaperWords {
  /** Over the codes: what the paper is worth. */
  readonly about: string;
  /** Beside the first code. */
  readonly scan: (host: string) => string;
  readonly onlyThere: (host: string) => string;
  /** Beside the second code. */
  readonly sealed: (status: string, time: string) => string;
  readonly offline: string;
  /** On the paper of a test channel, above all else. */
  readonly training: string;
  readonly status: Readonly<Record<SealedStatus, string>>;
  /** What the codes are, for whoever has the paper read aloud. */
  readonly linkCode: string;
  readonly sealCode: string;
  readonly hash: string;
  readonly message: string;
  readonly page: (number: number, of: number) => string;
  readonly continued: string;
}

/** Those words in each language. */
export const paperWords: Readonly<Record<FormLanguage, PaperWords>> = {
  en: {
    about:
      "This paper shows an electronic certificate. Only the check tells whether it is genuine, and whether it was used before.",
    scan: (host) => `Scan to check this certificate at ${host}`,
    onlyThere: (host) => `A check that does not open ${host} is not one of this certificate.`,
    sealed: (status, time) => `Signed seal, checked without a network: ${status} as of ${time}`,
    offline: "It does not know what happened later: check online for use.",
    training: "TRAINING: without legal effect",
    status: {
      issued: "issued",
      pending: "not yet final",
      used: "already used",
      revoked: "revoked",
      expired: "expired",
      training: "for training only, without legal effect",
    },
    linkCode: "QR code that leads to the check of this certificate",
    sealCode: "QR code with the signed seal of this certificate",
    hash: "Document hash (SHA-256 multihash)",
    message: "Issuing message",
    page: (number, of) => `Page ${number} of ${of}`,
    continued: "continued",
  },
  fr: {
    about:
      "Ce papier présente un certificat électronique. Seule la vérification dit s’il est authentique et s’il a déjà été utilisé.",
    scan: (host) => `Scannez pour vérifier ce certificat sur ${host}`,
    onlyThere: (host) => `Une vérification qui n’ouvre pas ${host} n’est pas celle de ce certificat.`,
    sealed: (status, time) => `Sceau signé, vérifiable sans réseau : ${status} au ${time}`,
    offline: "Il ignore ce qui s’est passé depuis : vérifiez en ligne l’utilisation.",
    training: "FORMATION : sans effet juridique",
    status: {
      issued: "délivré",
      pending: "pas encore définitif",
      used: "déjà utilisé",
      revoked: "révoqué",
      expired: "expiré",
      training: "pour la formation seulement, sans effet juridique",
    },
    linkCode: "Code QR qui mène à la vérification de ce certificat",
    sealCode: "Code QR portant le sceau signé de ce certificat",
    hash: "Empreinte du document (multihash SHA-256)",
    message: "Message de délivrance",
    page: (number, of) => `Page ${number} sur ${of}`,
    continued: "suite",
  },
  es: {
    about:
      "Este papel muestra un certificado electrónico. Solo la comprobación dice si es auténtico y si ya fue utilizado.",
    scan: (host) => `Escanee para comprobar este certificado en ${host}`,
    onlyThere: (host) => `Una comprobación que no abre ${host} no es la de este certificado.`,
    sealed: (status, time) => `Sello firmado, comprobable sin red: ${status} a fecha de ${time}`,
    offline: "No sabe lo que ocurrió después: compruebe su uso en línea.",
    training: "FORMACIÓN: sin efecto legal",
    status: {
      issued: "expedido",
      pending: "aún no definitivo",
      used: "ya utilizado",
      revoked: "revocado",
      expired: "caducado",
      training: "solo para formación, sin efecto legal",
    },
    linkCode: "Código QR que lleva a la comprobación de este certificado",
    sealCode: "Código QR con el sello firmado de este certificado",
    hash: "Huella del documento (multihash SHA-256)",
    message: "Mensaje de expedición",
    page: (number, of) => `Página ${number} de ${of}`,
    continued: "continuación",
  },
  zh: {
    about: "本纸件显示一份电子证书。只有核验才能确定其真实性以及是否已被使用。",
    scan: (host) => `扫码在 ${host} 核验本证书`,
    onlyThere: (host) => `未打开 ${host} 的核验不是对本证书的核验。`,
    sealed: (status, time) => `签名印章，可离线核验：截至 ${time} 状态为“${status}”`,
    offline: "印章不反映此后的变化：请在线核验是否已被使用。",
    training: "培训用：无法律效力",
    status: {
      issued: "已签发",
      pending: "尚未最终确认",
      used: "已使用",
      revoked: "已撤销",
      expired: "已过期",
      training: "仅供培训，无法律效力",
    },
    linkCode: "用于核验本证书的二维码",
    sealCode: "载有本证书签名印章的二维码",
    hash: "文件哈希（SHA-256 多重哈希）",
    message: "签发报文",
    page: (number, of) => `第 ${number} 页，共 ${of} 页`,
    continued: "续",
  },
};

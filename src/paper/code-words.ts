import type { FormLanguage } from "./form.ts";

/** Words of the code lists that are few enough to be known in every language; they come in English. */
type Translations = Readonly<Record<string, string>>;

const fr: Translations = {
  "Mode not specified": "mode non précisé",
  Maritime: "voie maritime",
  Rail: "chemin de fer",
  Road: "route",
  Air: "voie aérienne",
  Mail: "poste",
  Multimodal: "multimodal",
  "Fixed installation": "installation fixe",
  "Inland waterway": "voie navigable intérieure",
  "Mode not applicable": "mode sans objet",
  "ASEAN–Australia–New Zealand Free Trade Area": "Zone de libre-échange ASEAN–Australie–Nouvelle-Zélande",
  "ASEAN–China Free Trade Area (Form E)": "Zone de libre-échange ASEAN–Chine (formule E)",
  "ASEAN Trade in Goods Agreement (Form D)": "Accord sur le commerce des marchandises de l’ASEAN (formule D)",
  "China–Australia Free Trade Agreement": "Accord de libre-échange Chine–Australie",
  "China–New Zealand Free Trade Agreement": "Accord de libre-échange Chine–Nouvelle-Zélande",
  "Comprehensive and Progressive Agreement for Trans-Pacific Partnership":
    "Accord de partenariat transpacifique global et progressiste",
  "Generalized System of Preferences (Form A)": "Système généralisé de préférences (formule A)",
  "Japan–Australia Economic Partnership Agreement": "Accord de partenariat économique Japon–Australie",
  "Regional Comprehensive Economic Partnership": "Partenariat économique régional global",
  "United States–Mexico–Canada Agreement": "Accord États-Unis–Mexique–Canada",
  "another product-specific rule, such as a process":
    "autre règle spécifique au produit, telle qu’un procédé",
  "change in chapter": "changement de chapitre",
  "change in tariff classification": "changement de classement tarifaire",
  "change in tariff heading": "changement de position tarifaire",
  "change in tariff subheading": "changement de sous-position tarifaire",
  "chemical reaction": "réaction chimique",
  "cumulated among beneficiaries, for Canada": "cumul entre bénéficiaires, pour le Canada",
  "partial cumulation": "cumul partiel",
  "produced entirely from originating materials": "produit entièrement à partir de matières originaires",
  "produced in one beneficiary and worked in another":
    "produit dans un pays bénéficiaire et ouvré dans un autre",
  "product-specific rule": "règle spécifique au produit",
  "regional value content": "teneur en valeur régionale",
  "specific process": "procédé spécifique",
  "sufficiently worked or processed": "suffisamment ouvré ou transformé",
  "sufficiently worked, for Canada": "suffisamment ouvré, pour le Canada",
  "unassembled goods or parts classified with them, by regional value content":
    "marchandise non assemblée ou parties classées avec elle, par la teneur en valeur régionale",
  "wholly obtained or produced": "entièrement obtenu ou produit",
  "wholly produced": "entièrement produit",
  "with imported materials, for some receiving countries":
    "avec des matières importées, pour certains pays de destination",
};

const es: Translations = {
  "Mode not specified": "modo no especificado",
  Maritime: "vía marítima",
  Rail: "ferrocarril",
  Road: "carretera",
  Air: "vía aérea",
  Mail: "correo",
  Multimodal: "multimodal",
  "Fixed installation": "instalación fija",
  "Inland waterway": "vía navegable interior",
  "Mode not applicable": "modo no aplicable",
  "ASEAN–Australia–New Zealand Free Trade Area": "Zona de Libre Comercio ASEAN–Australia–Nueva Zelandia",
  "ASEAN–China Free Trade Area (Form E)": "Zona de Libre Comercio ASEAN–China (formulario E)",
  "ASEAN Trade in Goods Agreement (Form D)":
    "Acuerdo sobre el Comercio de Mercancías de la ASEAN (formulario D)",
  "China–Australia Free Trade Agreement": "Tratado de Libre Comercio China–Australia",
  "China–New Zealand Free Trade Agreement": "Tratado de Libre Comercio China–Nueva Zelandia",
  "Comprehensive and Progressive Agreement for Trans-Pacific Partnership":
    "Tratado Integral y Progresista de Asociación Transpacífico",
  "Generalized System of Preferences (Form A)": "Sistema Generalizado de Preferencias (formulario A)",
  "Japan–Australia Economic Partnership Agreement": "Acuerdo de Asociación Económica Japón–Australia",
  "Regional Comprehensive Economic Partnership": "Asociación Económica Integral Regional",
  "United States–Mexico–Canada Agreement": "Tratado entre México, Estados Unidos y Canadá",
  "another product-specific rule, such as a process": "otra regla específica del producto, como un proceso",
  "change in chapter": "cambio de capítulo",
  "change in tariff classification": "cambio de clasificación arancelaria",
  "change in tariff heading": "cambio de partida arancelaria",
  "change in tariff subheading": "cambio de subpartida arancelaria",
  "chemical reaction": "reacción química",
  "cumulated among beneficiaries, for Canada": "acumulación entre beneficiarios, para el Canadá",
  "partial cumulation": "acumulación parcial",
  "produced entirely from originating materials":
    "producido exclusivamente a partir de materiales originarios",
  "produced in one beneficiary and worked in another":
    "producido en un país beneficiario y elaborado en otro",
  "product-specific rule": "regla específica del producto",
  "regional value content": "valor de contenido regional",
  "specific process": "proceso específico",
  "sufficiently worked or processed": "suficientemente elaborado o transformado",
  "sufficiently worked, for Canada": "suficientemente elaborado, para el Canadá",
  "unassembled goods or parts classified with them, by regional value content":
    "mercancía sin ensamblar o partes clasificadas con ella, por valor de contenido regional",
  "wholly obtained or produced": "totalmente obtenido o producido",
  "wholly produced": "totalmente producido",
  "with imported materials, for some receiving countries":
    "con materiales importados, para algunos países de destino",
};

const zh: Translations = {
  "Mode not specified": "未指明运输方式",
  Maritime: "海运",
  Rail: "铁路运输",
  Road: "公路运输",
  Air: "空运",
  Mail: "邮运",
  Multimodal: "多式联运",
  "Fixed installation": "固定设施运输",
  "Inland waterway": "内河运输",
  "Mode not applicable": "运输方式不适用",
  "ASEAN–Australia–New Zealand Free Trade Area": "东盟—澳大利亚—新西兰自由贸易区",
  "ASEAN–China Free Trade Area (Form E)": "中国—东盟自由贸易区（E 表）",
  "ASEAN Trade in Goods Agreement (Form D)": "东盟货物贸易协定（D 表）",
  "China–Australia Free Trade Agreement": "中国—澳大利亚自由贸易协定",
  "China–New Zealand Free Trade Agreement": "中国—新西兰自由贸易协定",
  "Comprehensive and Progressive Agreement for Trans-Pacific Partnership": "全面与进步跨太平洋伙伴关系协定",
  "Generalized System of Preferences (Form A)": "普遍优惠制（A 表）",
  "Japan–Australia Economic Partnership Agreement": "日本—澳大利亚经济伙伴关系协定",
  "Regional Comprehensive Economic Partnership": "区域全面经济伙伴关系协定",
  "United States–Mexico–Canada Agreement": "美国—墨西哥—加拿大协定",
  "another product-specific rule, such as a process": "其他产品特定规则，如特定工序",
  "change in chapter": "章改变",
  "change in tariff classification": "税则归类改变",
  "change in tariff heading": "品目改变",
  "change in tariff subheading": "子目改变",
  "chemical reaction": "化学反应",
  "cumulated among beneficiaries, for Canada": "受惠国之间累积（适用于加拿大）",
  "partial cumulation": "部分累积",
  "produced entirely from originating materials": "完全由原产材料生产",
  "produced in one beneficiary and worked in another": "在一受惠国生产并在另一受惠国加工",
  "product-specific rule": "产品特定原产地规则",
  "regional value content": "区域价值成分",
  "specific process": "特定工序",
  "sufficiently worked or processed": "经充分加工或处理",
  "sufficiently worked, for Canada": "经充分加工（适用于加拿大）",
  "unassembled goods or parts classified with them, by regional value content":
    "未组装货物或与其一并归类的零件（按区域价值成分）",
  "wholly obtained or produced": "完全获得或生产",
  "wholly produced": "完全生产",
  "with imported materials, for some receiving countries": "含进口材料（适用于部分给惠国）",
};

const translations: Readonly<Record<FormLanguage, Translations | null>> = { en: null, fr, es, zh };

/** A code list's English word in a language; null where it is not known in it. */
export function translated(word: string, language: FormLanguage): string | null {
  const words = translations[language];
  if (words === null) return word;
  return Object.hasOwn(words, word) ? (words[word] ?? null) : null;
}

/** The English words that are known in a language. */
export function wordsKnownIn(language: "fr" | "es" | "zh"): readonly string[] {
  return Object.keys(translations[language] ?? {});
}

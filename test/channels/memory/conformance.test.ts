import { describeConformance } from "../conformance.ts";
import { createMemoryBench } from "./bench.ts";

describeConformance("memory", createMemoryBench);

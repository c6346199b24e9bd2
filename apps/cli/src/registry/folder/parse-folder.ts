import { posix } from 'node:path';
import type { z } from 'zod';
import type { JsonRecord } from '../reading/registry-snapshot.ts';
import { printSubjectName } from '../subject-name.ts';
import type { FolderFile } from './export-files.ts';
import { subjectOf } from './file-name.ts';
import {
  type Sidecar,
  type SubjectDocument,
  typeOfExtension,
  type zFolderReference,
  zRegistryDocument,
  zSidecar,
  zSubjectDocument,
} from './folder-documents.ts';

export type FolderReference = z.output<typeof zFolderReference>;

/** A schema of a folder that a registry shall have. */
export interface FolderSchema {
  /** The file it is in, for messages. */
  readonly path: string;
  /** As registries write it. */
  readonly subject: string;
  /** The number that references in the folder mean it by, if it has one. */
  readonly version: number | undefined;
  readonly schemaType: string;
  readonly schema: string;
  readonly references: readonly FolderReference[];
  readonly metadata: JsonRecord | undefined;
  readonly ruleSet: JsonRecord | undefined;
}

export interface FolderContents {
  /** Versions of a subject in their order. */
  readonly schemas: readonly FolderSchema[];
  /** Config of subjects; '' and `:.ctx:` for the whole registry and contexts. */
  readonly configs: readonly { readonly place: string; readonly config: JsonRecord }[];
  /** What is wrong with the folder, each with its file. */
  readonly problems: readonly string[];
}

/** Makes sense of the files of a folder, or says what is wrong with each. Pure. `context`: of what is at its top. */
export function parseFolder(files: readonly FolderFile[], context: string): FolderContents {
  const reading = new FolderReading(context);
  const documents = new Map(files.map(({ path, text }) => [path, text]));
  for (const { path, text } of files) reading.add(path, text, documents);
  return reading.contents();
}

class FolderReading {
  readonly #context: string;
  readonly #schemas: FolderSchema[] = [];
  readonly #configs: { place: string; config: JsonRecord }[] = [];
  readonly #problems: string[] = [];

  constructor(context: string) {
    this.#context = context;
  }

  contents(): FolderContents {
    const seen = new Map<string, string>();
    for (const { path, subject, version } of this.#schemas) {
      const key = `${subject} ${version ?? ''}`;
      const other = seen.get(key);
      if (other !== undefined) this.#problems.push(`${path}: ${subject} is in ${other} already`);
      seen.set(key, path);
    }
    return { schemas: this.#schemas, configs: this.#configs, problems: this.#problems };
  }

  add(path: string, text: string, documents: ReadonlyMap<string, string>): void {
    const { context, rest } = this.#placeOf(path);
    const parts = rest.split('/');
    if (parts.at(-1) === 'registry.json' && parts.length === 1) this.#addRegistry(path, text, context);
    else if (parts.length === 2 && parts[1] === 'subject.json') this.#addSubject(path, text, context, documents);
    else if (parts.length === 1 && !rest.endsWith('.subject.json')) this.#addFlat(path, text, context, documents);
    else if (parts.length === 1) this.#requireSchemaOf(path, documents);
    else if (!documents.has(`${posix.dirname(path)}/subject.json`)) {
      this.#problems.push(`${path}: schemas are at the top of the folder, or in a folder with a subject.json`);
    }
  }

  #placeOf(path: string): { context: string; rest: string } {
    const match = /^contexts\/([^/]+)\/(.+)$/.exec(path);
    const name = match === null ? undefined : subjectOf(match[1]!);
    if (match === null || name === undefined) return { context: this.#context, rest: path };
    return { context: `.${name}`, rest: match[2]! };
  }

  #addRegistry(path: string, text: string, context: string): void {
    const document = this.#document(path, text, zRegistryDocument);
    if (document?.config === undefined) return;
    this.#configs.push({ place: printSubjectName({ context, subject: '' }), config: document.config });
  }

  #addFlat(path: string, text: string, context: string, documents: ReadonlyMap<string, string>): void {
    const { dir, name, ext } = posix.parse(path);
    const sidecarPath = posix.join(dir, `${name}.subject.json`);
    const sidecarText = documents.get(sidecarPath);
    const sidecar: Sidecar | undefined =
      sidecarText === undefined ? {} : this.#document(sidecarPath, sidecarText, zSidecar);
    if (sidecar === undefined) return;
    const subject = this.#subject(path, context, name, sidecar.subject);
    if (subject === undefined) return;
    if (sidecar.config !== undefined) this.#configs.push({ place: subject, config: sidecar.config });
    this.#addSchema({ path, subject, extension: ext.slice(1), text, content: sidecar });
  }

  #addSubject(path: string, text: string, context: string, documents: ReadonlyMap<string, string>): void {
    const document = this.#document<SubjectDocument>(path, text, zSubjectDocument);
    if (document === undefined) return;
    const folder = posix.dirname(path);
    const subject = this.#subject(path, context, posix.basename(folder), document.subject);
    if (subject === undefined) return;
    if (document.config !== undefined) this.#configs.push({ place: subject, config: document.config });
    for (const content of [...document.versions].sort((a, b) => a.version - b.version)) {
      // A folder says what shall be there; what was deleted shall not.
      if (content.deleted === true) continue;
      const extension = ['avsc', 'json', 'proto'].find((each) => documents.has(`${folder}/${content.version}.${each}`));
      const file = `${folder}/${content.version}.${extension ?? 'avsc'}`;
      if (extension === undefined) this.#problems.push(`${file} is missing, which ${path} lists`);
      else this.#addSchema({ path: file, subject, extension, text: documents.get(file)!, content });
    }
  }

  #addSchema(found: { path: string; subject: string; extension: string; text: string; content: Sidecar }): void {
    const { path, subject, extension, text, content } = found;
    if (text.trim() === '') {
      this.#problems.push(`${path} is empty`);
      return;
    }
    this.#schemas.push({
      path,
      subject,
      version: content.version,
      schemaType: typeOfExtension(extension)!,
      schema: text,
      references: content.references ?? [],
      metadata: content.metadata,
      ruleSet: content.ruleSet,
    });
  }

  #subject(path: string, context: string, fileName: string, told: string | undefined): string | undefined {
    const subject = told ?? subjectOf(fileName);
    if (subject !== undefined) return printSubjectName({ context, subject });
    this.#problems.push(`${path}: the name does not say the subject; say it in the subject.json beside it ("subject")`);
    return undefined;
  }

  #requireSchemaOf(path: string, documents: ReadonlyMap<string, string>): void {
    const base = path.slice(0, -'.subject.json'.length);
    if (['avsc', 'json', 'proto'].some((extension) => documents.has(`${base}.${extension}`))) return;
    this.#problems.push(`${path}: there is no ${posix.basename(base)}.avsc, .json or .proto beside it`);
  }

  #document<T>(path: string, text: string, schema: z.ZodType<T>): T | undefined {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      this.#problems.push(`${path}: ${(error as Error).message}`);
      return undefined;
    }
    const checked = schema.safeParse(parsed);
    if (checked.success) return checked.data;
    for (const issue of checked.error.issues) {
      this.#problems.push(`${path}: ${issue.path.join('.') || 'the document'}: ${issue.message}`);
    }
    return undefined;
  }
}

import { at } from './prove.ts';
import { InputError, type Subject } from './verb.ts';

/** Where the objects of a type keep the template of their pods. */
export function templateOf(type: string): string[] {
  return type === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
}

/** One container of a workload's template, as it was seen. */
export interface Container {
  name: string;
  /** The path of its keys in the object. */
  at: string[];
  image: string;
}

/** The container of that name, or the only one. Throws an InputError that names those there are. */
export function containerOf({ object }: Subject, type: string, wanted = ''): Container {
  const keys = [...templateOf(type), 'spec', 'containers'];
  const containers = at(object, keys);
  const all: Container[] = (Array.isArray(containers) ? containers : []).map(({ name, image }, index) => ({
    name: String(name),
    image: String(image),
    at: [...keys, String(index)],
  }));
  const found = wanted.trim() === '' && all.length === 1 ? all[0] : all.find(({ name }) => name === wanted.trim());
  if (found) return found;
  throw new InputError('container', `which one: ${all.map(({ name }) => name).join(', ')}`);
}

/** A strategic merge patch's body that changes one container of the template, and nothing else. */
export function containerPatch(type: string, container: object): object {
  return templateOf(type).reduceRight<object>((inner, key) => ({ [key]: inner }), {
    spec: { containers: [container] },
  });
}

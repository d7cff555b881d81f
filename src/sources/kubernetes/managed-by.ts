import { type Meta, ownerOf, text } from './wire.ts';

/** Kinds that this program shows as owners by themselves. */
const OWN = new Set(['CronJob', 'Deployment']);

/** Who else keeps the object as it is, so that a change by hand would be undone: "Helm release web". */
export function managedBy(meta: Meta | undefined): string | null {
  const label = (name: string) => text(meta?.labels?.[name]);
  const annotation = (name: string) => text(meta?.annotations?.[name]);
  const owner = ownerOf(meta);
  const helm = annotation('meta.helm.sh/release-name');
  // argocd.argoproj.io/tracking-id: "application:group/Kind:namespace/name"
  const argo = annotation('argocd.argoproj.io/tracking-id')?.split(':')[0] ?? label('argocd.argoproj.io/instance');
  const flux = label('kustomize.toolkit.fluxcd.io/name');
  const fluxHelm = label('helm.toolkit.fluxcd.io/name');
  const k3s = annotation('objectset.rio.cattle.io/owner-name');
  if (argo) return `Argo CD application ${argo}`;
  if (flux) return `Flux kustomization ${flux}`;
  if (fluxHelm) return `Flux Helm release ${fluxHelm}`;
  if (helm) return `Helm release ${helm}`;
  if (owner && !OWN.has(owner.kind)) return `${owner.kind} ${owner.name}`;
  if (k3s) return `k3s add-on ${k3s}`;
  return label('app.kubernetes.io/managed-by');
}

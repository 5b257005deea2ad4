{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* What linters of manifests (kube-linter, kube-score) ask for and do not get from the Deployment, with the reason. */}}
{{/*
  deployment-strategy, deployment-replicas: one process writes.
  container-image-pull-policy: a version's image does not change; the node's copy will do when the registry is down.
  container-security-context-user-group-id: 1001 is the user of the image, as in 0.1.x.
  pod-networkpolicy: what reaches 8080 and where registries are, a site knows; then networkPolicy.enabled.
*/}}
{{- define "headwind.lint" -}}
kube-score/ignore: deployment-strategy,deployment-replicas,container-image-pull-policy,container-security-context-user-group-id
{{- if not .Values.networkPolicy.enabled }},pod-networkpolicy{{ end }}
ignore-check.kube-linter.io/minimum-three-replicas: one process writes
ignore-check.kube-linter.io/no-rolling-update-strategy: one process writes, so the old one ends first
ignore-check.kube-linter.io/read-secret-from-env-var: the variables of 0.1.x; new secrets are files
{{- if not .Values.networkPolicy.enabled }}
ignore-check.kube-linter.io/non-isolated-pod: networkPolicy.enabled is the site's choice
{{- end }}
{{- if .Values.telegraf.enabled }}
ignore-check.kube-linter.io/no-liveness-probe: telegraf has none, headwind has
ignore-check.kube-linter.io/no-readiness-probe: telegraf has none, headwind has
{{- end }}
{{- end }}

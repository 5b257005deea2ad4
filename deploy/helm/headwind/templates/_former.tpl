{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* Values of 0.1.x that are accepted and have no effect any more, one a line; NOTES.txt shows them. */}}
{{- define "headwind.withoutEffect" -}}
{{- if gt (int .Values.replicaCount) 1 }}
- replicaCount {{ .Values.replicaCount }}: one process writes, so one pod runs.
{{- end }}
{{- if hasKey .Values.service "uiPort" }}
- service.uiPort: there is no dashboard on 8082 in this version.
{{- end }}
{{- $led := not .Values.ingress.hosts }}
{{- range .Values.ingress.hosts }}
{{- range .paths }}
{{- if ne (toString .backend) "ui" }}
{{- $led = true }}
{{- else }}
- ingress.hosts: the path {{ .path }} leads to the dashboard (ui), which is not there; it is left out.
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.ingress.enabled (not $led) }}
- ingress.enabled: no path is left, so there is no Ingress; webhooks come in by a path with backend: webhook.
{{- end }}
{{- range $key := list "HEADWIND_UI_AUTH_MODE" "HEADWIND_UI_PROXY_HEADER" }}
{{- if hasKey $.Values.env $key }}
- env.{{ $key }}: was the dashboard's. The approval API asks for tokens (config.auth.mode).
{{- end }}
{{- end }}
{{- if hasKey .Values.rbac "rules" }}
- rbac.rules: the chart knows what Headwind needs; what goes beyond that is rbac.extraRules.
{{- end }}
{{- if .Values.notifications.slack.channel }}
- notifications.slack.channel: a Slack hook has its channel.
{{- end }}
{{- if hasKey .Values "crds" }}
- crds: Helm installs crds/ once, never upgrades and never deletes it (docs/upgrade.md).
{{- end }}
{{- with .Values.observability }}
{{- if and .create (.influxdb | default dict).enabled }}
- observability.influxdb: no InfluxDB is installed any more; use one of your own with telegraf.config.
{{- else }}
- observability: no InfluxDB is installed any more.
{{- end }}
{{- end }}
{{- if and .Values.podDisruptionBudget.enabled (toString .Values.podDisruptionBudget.minAvailable) }}
- podDisruptionBudget.minAvailable: with one pod it keeps nodes from being drained; set it to "" to use maxUnavailable.
{{- end }}
{{- end }}

{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{- define "headwind.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* As 0.1.x named its objects: an upgrade finds them. */}}
{{- define "headwind.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "headwind.selectorLabels" -}}
app.kubernetes.io/name: {{ include "headwind.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "headwind.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "headwind.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* metadata of an object: (list $ "name" "namespace") with the namespace empty for objects of none */}}
{{- define "headwind.metadata" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 }}
{{- with index . 2 }}
namespace: {{ . }}
{{- end }}
labels:
  {{- include "headwind.labels" $root | nindent 2 }}
{{- end }}

{{- define "headwind.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "headwind.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "headwind.secretName" -}}
{{- .Values.secret.name | default .Values.notifications.existingSecret | default (printf "%s-secrets" (include "headwind.fullname" .)) }}
{{- end }}

{{- define "headwind.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{- define "headwind.pluginDirectory" -}}/opt/headwind/plugins/{{ . }}{{- end }}

{{/* `config`, with what the other values put into it. */}}
{{- define "headwind.config" -}}
{{- $config := deepCopy .Values.config }}
{{- if .Values.watchNamespace }}
{{- $_ := set $config "kubernetes" (merge (dict "watchNamespace" .Values.watchNamespace) ($config.kubernetes | default dict)) }}
{{- end }}
{{- $plugins := $config.plugins | default dict }}
{{- if and .Values.extraPlugins (not $plugins.directories) }}
{{- $directories := list "/usr/lib/headwind/plugins" }}
{{- range .Values.extraPlugins }}
{{- $directories = append $directories (include "headwind.pluginDirectory" .name) }}
{{- end }}
{{- $plugins = set $plugins "directories" $directories }}
{{- end }}
{{- if .Values.pythonPolicies }}
{{- $instances := $plugins.instances | default list }}
{{- range $name := keys .Values.pythonPolicies | sortAlpha }}
{{- $file := printf "/etc/headwind-policies/%s.py" $name }}
{{- $instances = append $instances (dict "name" $name "plugin" "headwind.policy.python" "settings" (dict "file" $file)) }}
{{- end }}
{{- $plugins = set $plugins "instances" $instances }}
{{- end }}
{{- if $plugins }}
{{- $_ := set $config "plugins" $plugins }}
{{- end }}
{{- toYaml $config }}
{{- end }}

{{/* Backends of an Ingress that there are; 0.1.x had a dashboard (ui), too. */}}
{{- define "headwind.ports" -}}
webhook: {{ .Values.service.webhookPort }}
api: {{ .Values.service.apiPort }}
metrics: {{ .Values.service.metricsPort }}
{{- end }}

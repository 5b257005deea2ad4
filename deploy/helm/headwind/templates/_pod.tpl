{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* Variables: those of 0.1.x that have an effect, its notifiers, and configMap.data that has names of variables. */}}
{{- define "headwind.variables" -}}
{{- $all := dict }}
{{- range $key := list "RUST_LOG" "HEADWIND_UI_URL" "HEADWIND_POLLING_ENABLED" "HEADWIND_POLLING_INTERVAL" }}
{{- $value := get $.Values.env $key | toString }}
{{- if and (hasKey $.Values.env $key) (ne $value "") }}
{{- $_ := set $all $key $value }}
{{- end }}
{{- end }}
{{- range $key, $value := .Values.configMap.data }}
{{- if regexMatch "^[A-Z][A-Z0-9_]*$" $key }}
{{- $_ := set $all $key (toString $value) }}
{{- end }}
{{- end }}
{{- with .Values.notifications }}
{{- if .slack.enabled }}
{{- $_ := set $all "SLACK_ENABLED" "true" }}
{{- with .slack.username }}{{ $_ := set $all "SLACK_USERNAME" . }}{{ end }}
{{- with .slack.iconEmoji }}{{ $_ := set $all "SLACK_ICON_EMOJI" . }}{{ end }}
{{- end }}
{{- if .teams.enabled }}{{ $_ := set $all "TEAMS_ENABLED" "true" }}{{ end }}
{{- if .webhook.enabled }}{{ $_ := set $all "WEBHOOK_ENABLED" "true" }}{{ end }}
{{- end }}
{{- range $key := keys $all | sortAlpha }}
- {name: {{ $key }}, value: {{ get $all $key | quote }}}
{{- end }}
{{- end }}

{{/* An init container for each entry of extraPlugins that is copied. */}}
{{- define "headwind.pluginCopies" -}}
{{- range .Values.extraPlugins }}
{{- if ne .by "imageVolume" }}
{{- $path := .path | default "/plugins" }}
- name: plugins-{{ .name }}
  image: {{ .image | quote }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  command:
    {{- range $.Values.pluginCopyCommand }}
    - {{ . | replace "{from}" $path | replace "{to}" "/copied" | quote }}
    {{- end }}
  {{- with $.Values.securityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  resources:
    limits: {cpu: 100m, memory: 32Mi, ephemeral-storage: 128Mi}
    requests: {cpu: 10m, memory: 16Mi, ephemeral-storage: 16Mi}
  volumeMounts:
    - {name: plugins-{{ .name }}, mountPath: /copied}
{{- end }}
{{- end }}
{{- end }}

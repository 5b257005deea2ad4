{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* What is about workloads: of one namespace, or of all. deploy/20-rbac.yaml says why each is there; a test compares. */}}
{{- define "headwind.workloadRules" -}}
- apiGroups: [apps]
  resources: [deployments, statefulsets, daemonsets]
  verbs: [get, list, watch, patch]
- apiGroups: [batch]
  resources: [cronjobs]
  verbs: [get, list, watch, patch]
- apiGroups: [helm.toolkit.fluxcd.io]
  resources: [helmreleases]
  verbs: [get, list, watch, patch]
- apiGroups: [source.toolkit.fluxcd.io]
  resources: [helmrepositories]
  verbs: [list, watch]
- apiGroups: [source.toolkit.fluxcd.io]
  resources: [ocirepositories]
  verbs: [list, watch, patch]
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch{{ if .Values.rbac.deletePods }}, delete{{ end }}]
- apiGroups: [headwind.sh]
  resources: [updaterequests]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [headwind.sh]
  resources: [updaterequests/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- if .Values.rbac.pullSecrets }}
- apiGroups: [""]
  resources: [secrets, serviceaccounts]
  verbs: [get]
{{- end }}
{{- with .Values.rbac.extraRules }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What belongs to no namespace. */}}
{{- define "headwind.clusterRules" -}}
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
  {{- with .Values.watchNamespace }}
  resourceNames: [{{ . }}]
  {{- end }}
- apiGroups: [admissionregistration.k8s.io]
  resources: [validatingadmissionpolicies, validatingadmissionpolicybindings]
  resourceNames: [approvals-v1.headwind.sh]
  verbs: [get]
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- end }}

{{/* A role and its binding to the operator: (list $ "Role" "name" "namespace" "rules") */}}
{{- define "headwind.boundRole" -}}
{{- $root := index . 0 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ index . 1 }}
metadata:
  {{- include "headwind.metadata" (list $root (index . 2) (index . 3)) | nindent 2 }}
rules:
  {{- index . 4 | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ index . 1 }}Binding
metadata:
  {{- include "headwind.metadata" (list $root (index . 2) (index . 3)) | nindent 2 }}
  {{- if contains "secrets" (index . 4) }}
  annotations:
    ignore-check.kube-linter.io/access-to-secrets: pull credentials of workloads; rbac.pullSecrets false takes it away
  {{- end }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ index . 1 }}
  name: {{ index . 2 }}
subjects:
  - kind: ServiceAccount
    name: {{ include "headwind.serviceAccountName" $root }}
    namespace: {{ $root.Release.Namespace }}
{{- end }}

{{/* In our own namespace: inbox, marks, the ConfigMap of 0.1.x; Events about our own pod where workloads are elsewhere. */}}
{{- define "headwind.homeRules" -}}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create]
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [headwind-config, headwind-inbox, headwind-state]
  verbs: [get]
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [headwind-inbox, headwind-state]
  verbs: [patch]
{{- if and .Values.watchNamespace (ne .Values.watchNamespace .Release.Namespace) }}
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end }}
{{- end }}

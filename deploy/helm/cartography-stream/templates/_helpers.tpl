{{- define "cartography-stream.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "cartography-stream.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "cartography-stream.labels" -}}
{{ include "cartography-stream.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "cartography-stream.collectorAccount" -}}
{{- .Values.collector.serviceAccount.name | default (ternary (printf "%s-collector" (include "cartography-stream.fullname" .)) "default" .Values.collector.serviceAccount.create) }}
{{- end }}

{{- define "cartography-stream.loaderAccount" -}}
{{- .Values.loaderServiceAccount.name | default (ternary (printf "%s-loader" (include "cartography-stream.fullname" .)) "default" .Values.loaderServiceAccount.create) }}
{{- end }}

{{- define "cartography-stream.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{ end }}
{{- end }}

{{/* Kafka's options, as items of a container's args. */}}
{{- define "cartography-stream.logArgs" -}}
- --kafka-bootstrap-servers={{ required "kafka.bootstrapServers must be set: host:port, separated by commas" .Values.kafka.bootstrapServers }}
{{- if .Values.kafka.tls }}
- --kafka-tls
{{- end }}
{{- with .Values.kafka.sasl }}
{{- if .username }}
- --kafka-sasl-mechanism={{ .mechanism }}
- --kafka-sasl-username=$(KAFKA_SASL_USERNAME)
- --kafka-sasl-password-env-var=KAFKA_SASL_PASSWORD
{{- end }}
{{- end }}
- --topic-prefix={{ .Values.topics.prefix }}
- --partitions={{ .Values.topics.partitions }}
- --replication-factor={{ .Values.topics.replicationFactor }}
{{- end }}

{{/* Variables of every container. */}}
{{- define "cartography-stream.env" -}}
- name: CARTOGRAPHY_METRICS_PORT
  value: {{ .Values.metrics.port | quote }}
- name: CARTOGRAPHY_METRICS_HOST
  value: 0.0.0.0
- name: CARTOGRAPHY_SCHEMA_REGISTRY_URL
  {{- if .Values.schemaRegistry.urlSecret.name }}
  valueFrom:
    secretKeyRef: {{ toJson .Values.schemaRegistry.urlSecret }}
  {{- else }}
  value: {{ required "schemaRegistry.url or schemaRegistry.urlSecret.name must be set" .Values.schemaRegistry.url }}
  {{- end }}
{{- with .Values.kafka.sasl }}
{{- if .username }}
- name: KAFKA_SASL_USERNAME
  value: {{ .username | quote }}
- name: KAFKA_SASL_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ required "kafka.sasl.username needs kafka.sasl.passwordSecret.name" .passwordSecret.name }}
      key: {{ .passwordSecret.key }}
{{- end }}
{{- end }}
{{- if include "cartography-stream.hasAuthority" . }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/cartography-stream/ca/{{ .Values.certificateAuthority.key }}
{{- end }}
{{- end }}

{{- define "cartography-stream.hasAuthority" -}}
{{- if or .Values.certificateAuthority.configMap .Values.certificateAuthority.secret }}true{{ end }}
{{- end }}

{{- define "cartography-stream.mounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if include "cartography-stream.hasAuthority" . }}
- { name: ca, mountPath: /etc/cartography-stream/ca, readOnly: true }
{{- end }}
{{- end }}

{{- define "cartography-stream.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
{{- with .Values.certificateAuthority }}
{{- if .configMap }}
- name: ca
  configMap: { name: {{ .configMap }} }
{{- else if .secret }}
- name: ca
  secret: { secretName: {{ .secret }} }
{{- end }}
{{- end }}
{{- end }}

{{- define "cartography-stream.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "cartography-stream.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "cartography-stream.livenessProbe" -}}
httpGet: { path: /livez, port: metrics }
initialDelaySeconds: 10
periodSeconds: 30
timeoutSeconds: 10
failureThreshold: 3
{{- end }}

{{/* The settings of one Deployment of loaders: its own over the common ones. Takes a list: the root, the settings. */}}
{{- define "cartography-stream.loader" -}}
{{- mergeOverwrite (deepCopy (index . 0).Values.loaderDefaults) (deepCopy (index . 1)) | toYaml }}
{{- end }}

{{/* Items of `ports` of a network policy. Takes a list: given ports, the address, the port of an address that names none. */}}
{{- define "cartography-stream.ports" -}}
{{- $ports := index . 0 }}
{{- if not $ports }}
{{- range regexFindAll ":[0-9]+(,|/|$)" (index . 1) -1 }}
{{- $ports = append $ports (regexFind "[0-9]+" . | int) }}
{{- end }}
{{- end }}
{{- range $ports | default (list (index . 2)) | uniq }}
- { port: {{ . }}, protocol: TCP }
{{- end }}
{{- end }}

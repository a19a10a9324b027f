#!/usr/bin/env bash
# Creates every topic of topics.txt, and its dead-letter topic, where it is missing.
# Usage: create-topics.sh BOOTSTRAP [PARTITIONS] [REPLICATION]; needs Kafka's own tools in /opt/kafka/bin or on the PATH.
set -euo pipefail
bootstrap=${1:?bootstrap servers, host:port}
partitions=${2:-6}
replication=${3:-1}
PATH=$PATH:/opt/kafka/bin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

create() {
  kafka-topics.sh --bootstrap-server "$bootstrap" --create --if-not-exists --topic "$1" \
    --partitions "$partitions" --replication-factor "$replication" --config "cleanup.policy=$2" "${@:3}"
}

while read -r topic policy; do
  case $topic in '' | '#'*) continue ;; esac
  create "$topic" "$policy"
  # Dead letters are whole records with headers that say why they are there; they stay for 90 days.
  create "$topic.dlq" delete --config max.message.bytes=2097152 --config retention.ms=7776000000
done < "$here/topics.txt"

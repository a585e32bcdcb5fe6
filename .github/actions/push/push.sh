#!/usr/bin/env bash
# Uploads each file as the next version of the dataset. The job exchanges its OpenID Connect token for each of them.
set -euo pipefail

if [ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] && [ -z "${RESTOW_CI_TOKEN:-}" ]; then
  echo "::error::the job cannot get a token; give it the permission \`id-token: write\`"
  exit 1
fi
read -r -a arguments <<< "${ARGS:-}"
pushed=0
while IFS= read -r file; do
  if [ -n "$file" ]; then
    # bash before 4.4 takes an empty array for an unset variable.
    restow push --ci --dataset "$DATASET" ${arguments[@]+"${arguments[@]}"} -- "$file" < /dev/null
    pushed=$((pushed + 1))
  fi
done <<< "${FILES:-}"
if [ "$pushed" = 0 ]; then
  echo "::error::the input \`files\` names no file"
  exit 1
fi

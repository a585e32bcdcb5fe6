"""Trust rules: which CI jobs may publish to a dataset without a stored secret."""

from uuid import UUID

from ._calls import AsyncCalls, Calls
from ._request import DatasetReference, Request, dataset_argument, many, nothing, one, operation
from ._types.trust import TrustRule

TrustRuleReference = str | UUID | TrustRule

GITHUB = "https://token.actions.githubusercontent.com"
"""The issuer of GitHub Actions."""


class TrustRuleCalls(Calls):
    """The methods of `Client` on trust rules. They take the scope `admin` and the role `owner`."""

    def trust_rules(self, dataset: DatasetReference) -> list[TrustRule]:
        """Returns which CI jobs may publish to a dataset, oldest first. Takes the scope `admin` and the role `owner`."""
        return self._run(_trust_rules(dataset))

    def create_trust_rule(
        self,
        dataset: DatasetReference,
        repository: str,
        *,
        issuer: str = GITHUB,
        repository_owner_id: str | None = None,
        workflow: str | None = None,
        branch: str | None = None,
        environment: str | None = None,
    ) -> TrustRule:
        """Lets CI jobs publish to a dataset: those whose token has all of these values, compared exactly.

        State at least the workflow, the branch or the environment: a rule without them trusts every workflow on every branch.
        Takes the scope `admin` and the role `owner`.

        Args:
            dataset: Name or id.
            repository: Repository of the CI job with its owner, exactly as the CI system writes it.
            issuer: URL of the issuer of the CI job's token, which the server must be configured for; by default that of GitHub
                Actions.
            repository_owner_id: Number of the repository's owner (GitHub) or namespace (GitLab), which a name that changes hands
                does not keep.
            workflow: File of the workflow, such as `publish.yml`, or the path of a reusable one.
            branch: Branch that the CI job runs on.
            environment: Environment of the CI job.

        Raises:
            ValidationError: The server is not configured for the issuer (`unknown_issuer`), or a value is invalid.
        """
        request = _create_trust_rule(
            dataset,
            repository,
            issuer=issuer,
            repository_owner_id=repository_owner_id,
            workflow=workflow,
            branch=branch,
            environment=environment,
        )
        return self._run(request)

    def delete_trust_rule(self, dataset: DatasetReference, rule: TrustRuleReference) -> None:
        """Deletes a trust rule, given by its id or a `TrustRule`.

        The tokens that were issued by it are revoked, and refused within five seconds. Takes the scope `admin` and the role
        `owner`. Raises `NotFound` if there is no such rule.
        """
        return self._run(_delete_trust_rule(dataset, rule))


class AsyncTrustRuleCalls(AsyncCalls):
    """The methods of `AsyncClient` on trust rules."""

    async def trust_rules(self, dataset: DatasetReference) -> list[TrustRule]:
        """Like `Client.trust_rules`."""
        return await self._run(_trust_rules(dataset))

    async def create_trust_rule(
        self,
        dataset: DatasetReference,
        repository: str,
        *,
        issuer: str = GITHUB,
        repository_owner_id: str | None = None,
        workflow: str | None = None,
        branch: str | None = None,
        environment: str | None = None,
    ) -> TrustRule:
        """Like `Client.create_trust_rule`."""
        request = _create_trust_rule(
            dataset,
            repository,
            issuer=issuer,
            repository_owner_id=repository_owner_id,
            workflow=workflow,
            branch=branch,
            environment=environment,
        )
        return await self._run(request)

    async def delete_trust_rule(self, dataset: DatasetReference, rule: TrustRuleReference) -> None:
        """Like `Client.delete_trust_rule`."""
        return await self._run(_delete_trust_rule(dataset, rule))


def _trust_rules(reference: DatasetReference) -> Request[list[TrustRule]]:
    return Request(operation("trust", "list", dataset=dataset_argument(reference)), many(TrustRule))


def _create_trust_rule(reference: DatasetReference, repository: str, **values: str | None) -> Request[TrustRule]:
    arguments = {"dataset": dataset_argument(reference), "repository": repository, **values}
    return Request(operation("trust", "create", **arguments), one(TrustRule))


def _delete_trust_rule(reference: DatasetReference, rule: TrustRuleReference) -> Request[None]:
    rule_id = str(rule.id if isinstance(rule, TrustRule) else rule)
    arguments = {"dataset": dataset_argument(reference), "rule": rule_id}
    return Request(operation("trust", "delete", **arguments), nothing)

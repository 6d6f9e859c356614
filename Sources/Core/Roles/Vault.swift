/// Whose key encrypts a value: erasing a person or a call means deleting one key.
public enum DataOwner: Hashable, Sendable {
  /// A person known to the tenant.
  case person(TenantID, PersonID)
  /// A caller whom nobody knew at the start: this call alone, or all of the person who was identified in it.
  case call(TenantID, CallID)

  /// Stable text for storage: `person/<tenant>/<id>` or `call/<tenant>/<id>`.
  public var key: String {
    switch self {
    case .person(let tenant, let person): "person/\(tenant)/\(person)"
    case .call(let tenant, let call): "call/\(tenant)/\(call)"
    }
  }
}

/// Where sensitive values lie, encrypted under a key of their own person or call.
///
/// The owner of a call's values may become known later: with the line `identified` of the call's journal the values of the call are the person's,
/// those protected before and after, and its tokens stay as they are. From then on the call as an owner stands for its person, whoever asks.
public protocol Vault: Sendable {
  /// Mints a token for a value and queues the encrypted value for storage, not later than journal lines appended after this.
  /// The same value, label and ordinal of one owner give the same token. Synchronous: a few microseconds, no I/O.
  ///
  /// - Parameter ordinal: distinguishes equal values that must not be seen to be equal (single keys pressed); 0 otherwise.
  func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String>
  /// The value of a token, joined ones included; nil when its key was deleted.
  func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String?
  /// The pseudonym of the person whom a tenant knows by a value: the same in every call and process, and it tells nothing of the value.
  /// Synchronous: a few microseconds, no I/O.
  func person(_ value: String, of tenant: TenantID) -> PersonID
  /// Deletes an owner's key: every value of that owner is gone for good. A call that has a person stands for all calls of theirs.
  func erase(_ owner: DataOwner) async throws
}

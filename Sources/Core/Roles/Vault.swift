/// Whose key encrypts a value: erasing a person or a call means deleting one key.
public enum DataOwner: Hashable, Sendable {
  /// A person known to the tenant.
  case person(TenantID, PersonID)
  /// A caller nobody knows: this call alone.
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
public protocol Vault: Sendable {
  /// Mints a token for a value and queues the encrypted value for storage, not later than journal lines appended after this.
  /// The same value, label and ordinal of one owner give the same token. Synchronous: a few microseconds, no I/O.
  ///
  /// - Parameter ordinal: distinguishes equal values that must not be seen to be equal (single keys pressed); 0 otherwise.
  func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String>
  /// The value of a token, joined ones included; nil when its key was deleted.
  func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String?
  /// Deletes an owner's key: every value of that owner is gone for good.
  func erase(_ owner: DataOwner) async throws
}

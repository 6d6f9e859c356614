public import Core
public import Governance

/// What tools of any assistant need of the server.
public struct ActionServices: Sendable {
  /// The book of changes.
  public let ledger: any EffectLedger
  /// Where labelled values of answers go.
  public let vault: any Vault
  /// What `${NAME}` references stand for.
  public let secrets: any SecretSource
  /// 32 secret bytes that stay the same over restarts.
  public let serverKey: [UInt8]
  /// The connections to back ends.
  public let connections: BackEndConnections
  /// The name of this server in the book of changes.
  public let node: String
  /// Which labels may leave to tools.
  public let policy: DataPolicy

  /// Services.
  public init(
    ledger: any EffectLedger, vault: any Vault, secrets: any SecretSource, serverKey: [UInt8],
    connections: BackEndConnections, node: String, policy: DataPolicy = .standard
  ) {
    self.ledger = ledger
    self.vault = vault
    self.secrets = secrets
    self.serverKey = serverKey
    self.connections = connections
    self.node = node
    self.policy = policy
  }
}

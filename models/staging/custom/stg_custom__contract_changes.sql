{{ stage('custom', 'contract_changes') }}

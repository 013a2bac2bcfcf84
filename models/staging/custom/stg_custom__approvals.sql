{{ stage('custom', 'approvals') }}

{{ stage('custom', 'promises') }}
